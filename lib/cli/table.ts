/** Rows as lines with even columns, indented. */
export function table(rows: readonly (readonly string[])[]): string[] {
  return aligned(rows).map((line) => `  ${line}`.trimEnd());
}

/** The same at the beginning of the line. */
export function aligned(rows: readonly (readonly string[])[]): string[] {
  const widths = rows[0]?.map((_, i) =>
    Math.max(...rows.map((row) => row[i].length))
  );
  return rows.map((row) =>
    row.map((cell, i) => cell.padEnd(widths[i])).join("  ").trimEnd()
  );
}
