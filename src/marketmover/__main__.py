"""`python -m marketmover` is the `marketmover` command, where no script of that name is on the path."""

from marketmover.cli.main import main

main()
