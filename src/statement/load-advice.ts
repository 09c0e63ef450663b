const SHAPE =
  "Compare the file with the delimiter of the manifest's format and with the number and order of the table's columns there";
const KIND = "Compare the order and the types of the table's columns in the manifest with the file";
const MOMENT = `${KIND}; a date or time that is written otherwise needs 'dateFormat' or 'timeFormat' in the format`;

/**
 * What to do about a line that COPY refused, by the number of its error; without an end.
 * https://docs.aws.amazon.com/redshift/latest/dg/r_Load_Error_Reference.html
 */
const ADVICE: Readonly<Record<number, string>> = {
  1202: SHAPE,
  1203: `${SHAPE}; lines that may lack fields at their end need 'fillRecord' in the format`,
  1204: "Make the column larger in the manifest, where lengths count bytes of UTF-8, or set 'truncateColumns' in the format",
  1205: MOMENT,
  1206: MOMENT,
  1207: KIND,
  1208: KIND,
  1209: KIND,
  1210: KIND,
  1213: 'Fill the field in the file, or make the column nullable in the manifest',
  1214: SHAPE,
  1220: "Write the file in UTF-8 (iconv -f LATIN1 -t UTF-8 does, if that is what it is in), or set 'acceptInvalidCharacters' in the format",
  1222: KIND,
};

export function loadAdvice(code: number): string | undefined {
  const advice = ADVICE[code];
  return advice && `${advice}; then drop the manifest again.`;
}
