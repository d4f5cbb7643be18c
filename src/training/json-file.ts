import * as v from 'valibot';
import { GiemsaError } from '../cells/errors.ts';
import { fileError } from '../dataset/file-error.ts';
import { readTextFile } from '../dataset/text-file.ts';

/**
 * Reads a JSON file of a run's folder and checks what is needed of it.
 *
 * @throws GiemsaError `unreadable-file`, `not-text`, `not-a-run`; each names the file
 */
export async function readRunJson<Schema extends v.GenericSchema>(
  path: string,
  schema: Schema,
): Promise<v.InferOutput<Schema>> {
  const content = await readTextFile(path).catch((error: unknown) => {
    if (!(error instanceof GiemsaError)) throw error;
    throw new GiemsaError(error.code, `${error.message}. Is it the folder of a run?`, { cause: error });
  });
  let value: unknown;
  try {
    value = JSON.parse(content);
  } catch (error) {
    throw new GiemsaError('not-a-run', `${path} is not JSON: ${fileError(error)}`, { cause: error });
  }
  const result = v.safeParse(schema, value, { abortEarly: true });
  if (result.success) return result.output;
  const [issue] = result.issues;
  throw new GiemsaError(
    'not-a-run',
    `${path} is not that of a run: ${v.getDotPath(issue) ?? 'it'}: expected ${issue.expected}, received ${issue.received}`,
  );
}
