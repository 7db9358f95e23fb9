<?xml version="1.0" encoding="UTF-8"?>
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform">
<xsl:output method="html" encoding="UTF-8"/>
<xsl:template match="/DOC/BODY">
<html><head><title><xsl:value-of select="TITLE"/></title>
<style>
body { color: #222222; }
h1 { text-align: center; font-size: 20pt; }
p { line-height: 150%; }
td { padding: 6px; }
.practice { color: #b3261e; }
</style></head>
<body>
<p class="practice">練習用 — 本物ではありません / PRACTICE — not real</p>
<p align="right"><xsl:value-of select="DOCNO"/><br/><xsl:value-of select="DATE"/></p>
<p><xsl:value-of select="TO"/></p>
<p align="right"><xsl:value-of select="FROM"/></p>
<h1><xsl:value-of select="TITLE"/></h1>
<xsl:for-each select="MAINTXT/P"><p><xsl:value-of select="."/></p></xsl:for-each>
<table border="1" cellspacing="0" width="100%">
<xsl:for-each select="TABLE/ITEM"><tr>
<td width="30%" bgcolor="#f3f1ec"><xsl:value-of select="NAME"/></td><td><xsl:value-of select="VALUE"/></td>
</tr></xsl:for-each>
</table>
</body></html>
</xsl:template>
</xsl:stylesheet>
