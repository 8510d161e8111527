"""Other ways to run a build, or to code; each needs an extra of its own."""
