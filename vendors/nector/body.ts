import { checkJsonObject } from '../json/check-json-object.ts'
import { readJsonText } from '../json/json-text.ts'
import { parseJson } from '../json/parse-json.ts'

/** Checks at the edge that a Nector body is the text of a JSON object. Throws BODY_MALFORMED. */
export function checkNectorBody (body: Buffer): void {
  checkJsonObject(readJsonText(body), { emptyArray: false })
}

/** The content of a Nector body, numbers without loss. Throws BODY_MALFORMED or SyntaxError. */
export function parseNectorBody (body: Buffer): unknown {
  return parseJson(readJsonText(body))
}
