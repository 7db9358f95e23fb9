"""Signatures in XML: one canonicaliser and one parser for signing and verifying alike (XMLDSig, XAdES)."""
