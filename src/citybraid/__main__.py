"""`python -m citybraid`: the command line without its console script."""

from citybraid.cli.app import main

if __name__ == "__main__":
    main()
