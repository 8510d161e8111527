"""The commands of the command line, one module each; ``coder/cli.py`` says how to add one."""
