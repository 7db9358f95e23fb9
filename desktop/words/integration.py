"""What the entries in file managers are called, in every language at once: they are written for the system's, not for
the language that the window speaks."""

from typing import Final, NamedTuple


class Label(NamedTuple):
    """One entry of a menu. The letter after `_` is the key that chooses it."""

    en: str
    ja: str

    @property
    def plain(self) -> "Label":
        """Without the key, for menus that have none."""
        return Label(self.en.replace("_", ""), self.ja.partition("(")[0] + ("…" if self.ja.endswith("…") else ""))


VERIFY: Final = Label("Veri_fy signature", "署名を確認(_F)")
SIGN: Final = Label("Si_gn…", "署名する(_G)…")
PROGRAM_COMMENT: Final = Label(
    "Sign documents with the My Number Card, and verify signatures",
    "マイナンバーカードで書類に署名し、署名を確かめます",
)
PROGRAM_GENERIC_NAME: Final = Label("Electronic signatures", "電子署名")
KEYWORDS: Final = Label("signature;seal;PDF;My Number;JPKI;", "署名;電子署名;実印;マイナンバーカード;公的個人認証;")
TYPES: Final = {
    "application/x-xtx+xml": Label("e-Tax data", "e-Taxの申告データ"),
    "application/vnd.etsi.asic-e+zip": Label(
        "Container with signed files (ASiC-E)", "署名付きのファイルの入れ物（ASiC-E）"
    ),
    "application/vnd.etsi.asic-s+zip": Label(
        "Container with a signed file (ASiC-S)", "署名付きのファイルの入れ物（ASiC-S）"
    ),
}
