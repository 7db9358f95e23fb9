"""Makes the disk image from the app; with Apple's own tools, on macOS.

JITSUIN_CODESIGN_IDENTITY signs the app and the image. JITSUIN_NOTARY_PROFILE, a profile of the keychain of notarytool,
has Apple look at the image, and staples the ticket to it.
"""

import os
import shutil
import subprocess
from pathlib import Path
from platform import machine
from typing import Final

ENTITLEMENTS: Final = Path(__file__).with_name("entitlements.plist")


def build(app: Path, into: Path, *, version: str) -> Path:
    """The image. CalledProcessError where a tool refuses."""
    image = into / f"jitsuin-{version}-macos-{machine()}.dmg"
    content = into.parent / "build" / "image"
    shutil.rmtree(content, ignore_errors=True)
    shutil.copytree(app, content / app.name, symlinks=True)
    (content / "Applications").symlink_to("/Applications")
    identity = os.environ.get("JITSUIN_CODESIGN_IDENTITY")
    for command in commands(content, image, identity, os.environ.get("JITSUIN_NOTARY_PROFILE")):
        subprocess.run(command, check=True)
    return image


def commands(content: Path, image: Path, identity: str | None, notary: str | None) -> list[list[str]]:
    """What is done one after the other; without an identity, nothing is signed beyond what PyInstaller does ad hoc."""
    app = str(content / "Jitsuin.app")
    sign = ["codesign", "--force", "--timestamp", "--sign", str(identity)]
    hardened = [*sign, "--options", "runtime", "--entitlements", str(ENTITLEMENTS), app]
    pack = [
        "hdiutil",
        "create",
        "-volname",
        "Jitsuin",
        "-srcfolder",
        str(content),
        "-format",
        "UDZO",
        "-ov",
        str(image),
    ]
    if not identity:
        return [pack]
    steps = [hardened, ["codesign", "--verify", "--deep", "--strict", app], pack, [*sign, str(image)]]
    if notary:
        steps.append(["xcrun", "notarytool", "submit", str(image), "--keychain-profile", notary, "--wait"])
        steps.append(["xcrun", "stapler", "staple", str(image)])
    return steps
