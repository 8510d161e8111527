"""How far two codings of the same articles agree: two people, or a person and the program."""
