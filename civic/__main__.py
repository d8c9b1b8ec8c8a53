"""Let `python -m civic` do what `civic` does."""

from civic.cli import main

if __name__ == "__main__":
    main()
