"""`jitsuin authority`: the time-stamping authorities that may be asked, and whether they answer."""

import hashlib
import os
from argparse import Namespace
from typing import Any

from desktop.messages import _, describe, plain, shown_moment
from desktop.terminal.anchors import anchors_in
from desktop.terminal.console import WrongUsage, is_interactive, print_json, read_password, say, say_failure
from desktop.terminal.time import open_authority
from desktop.time.authorities import Authority, load_time_settings, save_time_settings
from desktop.words.formatting import before_stop
from desktop.words.time import removal_words
from signing.errors import AuthorityNameMissing, KeyringUnavailable

_DONE = 0  # exit status


def authority(arguments: Namespace) -> int:
    """List, add, remove or test authorities. Returns the exit status."""
    match arguments.action:
        case "add":
            _add(arguments)
        case "remove":
            _remove(arguments.name)
        case "test":
            _test(arguments.name)
        case _:
            _list(arguments)
    return _DONE


def _add(arguments: Namespace) -> None:
    from signing.timestamping import require_policy
    from signing.web import require_address

    require_address(arguments.address)
    require_policy(arguments.policy)
    anchors = anchors_in(arguments.trust)
    certificate = str(arguments.client_certificate.absolute()) if arguments.client_certificate else ""
    user = arguments.user or ""
    added = Authority(arguments.name, arguments.address.strip(), arguments.policy, user, certificate, anchors)
    try:
        settings = load_time_settings().with_authority(added)
    except AuthorityNameMissing as error:
        raise WrongUsage(describe(error).text) from error
    if added.is_open:
        say(_("The address begins with http://. Others on the way can read and change what goes there."))
    if not anchors:
        say(_("No certificate was added (--trust). Its time stamps will not be believed when a file is verified."))
    if added.needs_password:
        _save_password(added)
    save_time_settings(settings)
    say(_("Added: {name}. Nothing was contacted.").format(name=before_stop(plain(added.name))))


def _save_password(added: Authority) -> None:
    from desktop.time.secrets import has_keyring, save_password

    name = plain(added.name)
    if not is_interactive():
        words = _("There is no terminal to ask for the password of {name}. It will be asked for when it is needed.")
        say(words.format(name=before_stop(name)))
        return
    if not has_keyring():
        say(_("This system has no keyring: the password is asked for each time, and not stored."))
        return
    password = read_password(_("Password for {name}: ").format(name=name), from_stdin=False)
    try:
        save_password(added, password)
    except KeyringUnavailable as error:
        say_failure(error)


def _remove(name: str) -> None:
    from desktop.time.secrets import forget_password

    before = load_time_settings()
    after = before.without(name)
    forget_password(before.authority(name))
    save_time_settings(after)
    say(removal_words(name, before, after))
    if not after.authorities:
        say(_("No time-stamping authority is set. This program contacts nobody."))


def _test(name: str) -> None:
    token = open_authority(name).stamp(hashlib.sha256(os.urandom(32)).digest())
    say(_("It works. The authority says that it is {time}.").format(time=shown_moment(token.time)))


def _list(arguments: Namespace) -> None:
    authorities = load_time_settings().authorities
    if arguments.json:
        print_json({"authorities": [_facts(each) for each in authorities]})
        return
    if not authorities:
        say(_("No time-stamping authority is set. This program contacts nobody."))
    for each in authorities:
        say(f"{plain(each.name)}  {plain(each.address)}  {each.policy}".rstrip())


def _facts(each: Authority) -> dict[str, Any]:
    return {
        "name": each.name,
        "address": each.address,
        "policy": each.policy or None,
        "user": each.user or None,
        "client_certificate": each.client_certificate or None,
        "anchors": len(each.anchors),
    }
