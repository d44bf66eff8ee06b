"""Writes the document where it is kept: `python -m lambdas.users.http.openapi`."""

from pathlib import Path

from lambdas.users.http.openapi.document import encoded

PATH = Path(__file__).parents[2] / "openapi.json"

if __name__ == "__main__":
    PATH.write_text(encoded(), encoding="utf-8")
