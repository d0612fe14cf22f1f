"""python -m citybraid."""

from citybraid.cli.app import main

main()
