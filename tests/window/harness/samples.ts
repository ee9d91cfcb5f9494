/** The smallest files of their kinds that a browser shows. */

const HZ = 8_000;

/** Two seconds of a tone, as a WAVE file. */
export function tone(): Buffer {
  const samples = Buffer.from(Array.from({ length: 2 * HZ }, (_, at) => 128 + Math.round(90 * Math.sin(at / 6))));
  const head = Buffer.alloc(44);
  head.write('RIFF', 0);
  head.writeUInt32LE(36 + samples.length, 4);
  head.write('WAVEfmt ', 8);
  head.writeUInt32LE(16, 16);
  head.writeUInt16LE(1, 20);
  head.writeUInt16LE(1, 22);
  head.writeUInt32LE(HZ, 24);
  head.writeUInt32LE(HZ, 28);
  head.writeUInt16LE(1, 32);
  head.writeUInt16LE(8, 34);
  head.write('data', 36);
  head.writeUInt32LE(samples.length, 40);
  return Buffer.concat([head, samples]);
}

const PAGE = 'BT /F1 26 Tf 72 700 Td (Release form) Tj 0 -40 Td /F1 13 Tf (I agree that my picture is shown.) Tj ET';

/** One page with two lines; readers mend the table of what lies where that is left out. */
export const PDF = `%PDF-1.4
1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj
2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj
3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>endobj
4 0 obj<</Length ${PAGE.length}>>stream
${PAGE}
endstream endobj
5 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>endobj
trailer<</Root 1 0 R>>
%%EOF
`;
