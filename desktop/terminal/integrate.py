"""`jitsuin integrate`: the program in the menus of the file managers, said before it is done."""

import argparse
from collections.abc import Iterable

from desktop.integration.integration import Integration, integration
from desktop.messages import _, listed, plain
from desktop.terminal.console import say

_DONE, _FAILED = 0, 1  # exit status


def integrate(arguments: argparse.Namespace) -> int:
    """Put in what is missing, or take everything out; with `--dry-run` only tell. Returns the exit status."""
    here = integration()
    try:
        if arguments.remove:
            _take_out(here, dry_run=arguments.dry_run)
        else:
            _put(here, dry_run=arguments.dry_run)
    except OSError as error:
        say(_("This could not be written: {place}").format(place=plain(str(error.filename))))
        say(_("What was done before that stays. “jitsuin integrate --remove” takes it out."))
        return _FAILED
    return _DONE


def _put(here: Integration, *, dry_run: bool) -> None:
    missing, doubled = here.missing(), here.doubled()
    if here.for_everybody:
        names = listed(here.for_everybody)
        say(_("For everybody on this computer the entries are there already: {names}.").format(names=names))
    if not missing and not doubled:
        say(_("Everything is there already; nothing was changed."))
        return
    if doubled:
        say(
            _("This would be taken out, because it is there twice:")
            if dry_run
            else _("This is taken out, because it is there twice:")
        )
        _say_places(part.place for part in doubled)
    if missing:
        say(_("This would be put in:") if dry_run else _("This is put in:"))
        for name, parts in missing.items():
            if name:
                say(f"{name}:")
            _say_places(part.place for part in parts)
    if not dry_run:
        here.put()
        say(_("If a file manager is open, close it and open it again to see the new entries."))


def _take_out(here: Integration, *, dry_run: bool) -> None:
    present = here.present()
    if here.for_everybody:
        say(_("What is there for everybody on this computer stays: it goes with the package."))
    if not present:
        say(_("Nothing is there; nothing was changed."))
        return
    say(_("This would be taken out:") if dry_run else _("This is taken out:"))
    _say_places(present)
    if not dry_run:
        here.take_out()


def _say_places(places: Iterable[str]) -> None:
    for place in dict.fromkeys(places):
        say(f"  {plain(place)}")
