// Signs a PDF with @signpdf: node signpdf.cjs IN OUT P12 plain|pdf-lib|streams, run where its packages are installed.
const fs = require('fs');
const {createRequire} = require('module');

async function main([input, output, p12, how]) {
    const from = createRequire(process.cwd() + '/');
    const {SignPdf} = from('@signpdf/signpdf');
    const {P12Signer} = from('@signpdf/signer-p12');
    const labels = {reason: 'r', contactInfo: 'c', name: 'n', location: 'l'};
    let data = fs.readFileSync(input);
    if (how === 'plain') {
        data = from('@signpdf/placeholder-plain').plainAddPlaceholder({pdfBuffer: data, ...labels});
    } else {
        const pdfDoc = await from('pdf-lib').PDFDocument.load(data);
        from('@signpdf/placeholder-pdf-lib').pdflibAddPlaceholder({pdfDoc, ...labels});
        data = Buffer.from(await pdfDoc.save({useObjectStreams: how === 'streams'}));
    }
    const signer = new P12Signer(fs.readFileSync(p12), {passphrase: 'p'});
    fs.writeFileSync(output, await new SignPdf().sign(data, signer));
}

main(process.argv.slice(2)).catch((error) => { console.error(error.message); process.exit(1); });
