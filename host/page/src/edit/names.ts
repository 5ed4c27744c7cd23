/** Names of files in what the host says. */

/** The last part of a path: the folder is the host's affair. */
export function shortName(file: string): string {
  return file.slice(file.lastIndexOf('/') + 1);
}
