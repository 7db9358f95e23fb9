"""What the project says of itself in pyproject.toml: names and addresses that all packages tell."""

import os
import tomllib
from pathlib import Path
from typing import NamedTuple

FILE = Path(__file__).resolve().parent.parent / "pyproject.toml"
_NO_ADDRESS = "nobody@jitsuin.invalid"  # RFC 2606: it can never be one, where a form of package must have some


class Project(NamedTuple):
    """Addresses are empty where none is known. `identifier` is how AppStream, Flatpak and macOS know the program."""

    version: str
    identifier: str
    maker: str
    mail: str
    home: str
    releases: str  # a page with all versions

    @property
    def contact(self) -> str:
        """As Debian writes it (policy, 5.6.2), which asks for an address."""
        return f"{self.maker} <{self.mail or _NO_ADDRESS}>"


def project() -> Project:
    """JITSUIN_RELEASES goes before what the file says: a forge knows by itself where its releases are."""
    told = tomllib.loads(FILE.read_text(encoding="utf-8"))
    about, urls = told["project"], told["project"].get("urls", {})
    [maker] = about["maintainers"]
    return Project(
        version=about["version"],
        identifier=told["tool"]["jitsuin"]["identifier"],
        maker=maker["name"],
        mail=maker.get("email", ""),
        home=urls.get("Homepage", ""),
        releases=os.environ.get("JITSUIN_RELEASES") or urls.get("Releases", ""),
    )
