"""Makes an AppDir from the folder of the program; and an AppImage of it, where appimagetool is at hand."""

import os
import shutil
import subprocess
from pathlib import Path
from platform import machine

from installer.linux import files, libraries


def build(folder: Path, into: Path, *, version: str) -> Path:
    """The AppImage, or else the AppDir of which it can be made. CalledProcessError where appimagetool fails."""
    tree = into / "Jitsuin.AppDir"
    shutil.rmtree(tree, ignore_errors=True)
    program = tree / "usr" / "lib" / "jitsuin"
    shutil.copytree(folder, program, symlinks=True)
    libraries.keep_brought(program)
    files.write(tree / "usr", ["jitsuin"])
    for others in ("nautilus-python", "caja-python", "kio", "nemo", "file-manager"):  # nobody reads them in here
        shutil.rmtree(tree / "usr" / "share" / others)
    (tree / "AppRun").symlink_to("usr/lib/jitsuin/jitsuin")
    (tree / "jitsuin.desktop").symlink_to("usr/share/applications/jitsuin.desktop")
    for icon in ("jitsuin.png", ".DirIcon"):
        (tree / icon).symlink_to("usr/share/icons/hicolor/256x256/apps/jitsuin.png")
    tool = shutil.which("appimagetool")
    if not tool:
        print(f"appimagetool is not on the path: {tree} is what it wants")
        return tree
    image = into / f"jitsuin-{version}-{machine()}.AppImage"
    subprocess.run([tool, "--no-appstream", tree, image], env={**os.environ, "ARCH": machine()}, check=True)
    return image
