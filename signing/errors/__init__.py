"""Every failure that a person can meet, each with a stable code and its facts; the words are elsewhere.

The door to the families: every class is had from here.
"""

# ruff: noqa: F403 - a door to all of them; a list would repeat a hundred names and say nothing
from signing.errors.base import *
from signing.errors.card import *
from signing.errors.certificate import *
from signing.errors.destination import *
from signing.errors.document import *
from signing.errors.key import *
from signing.errors.seal import *
from signing.errors.time import *
from signing.errors.work import *
from signing.errors.xml import *
