"""Commands to the card from the password to the first signature and for each further one, against the fewest possible.

Run: python tests/benchmarks/card_commands.py. The limit is what the card's specification makes unavoidable with the
forms that every implementation uses: select the application, select and ask and verify the PIN, select the
certificate, read it in blocks of 256, select the key, sign; then sign again.
"""

import tempfile
from math import ceil
from pathlib import Path

from signing.card.jpki import read_facts, signing_session
from signing.card.pin import SignaturePin
from signing.card.practice import PRACTICE_PIN, PRACTICE_READER, PracticeReaders


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        readers = PracticeReaders(Path(folder))
        facts = read_facts(readers, PRACTICE_READER)
        before_the_password = len(readers.card.heard)
        readers.card.heard.clear()
        issuers = [facts.signature_ca_certificate] if facts.signature_ca_certificate else []
        with signing_session(readers, PRACTICE_READER, SignaturePin.parse(PRACTICE_PIN), issuers=issuers) as credential:
            credential.sign(b"first")
            first = len(readers.card.heard)
            credential.sign(b"second")
            further = len(readers.card.heard) - first
        size = len(credential.certification_path[0])
        limit = 7 + ceil(size / 256)
        print(f"password to first signature: {first} commands, limit {limit} (certificate of {size} bytes)")
        print(f"each further signature: {further}, limit 1")
        print(f"before the password, to show what the card is: {before_the_password}")


if __name__ == "__main__":
    main()
