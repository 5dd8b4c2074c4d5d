// Names as they come in values: `dbo.t`, `[my schema].[t]`, `tempdb..#t`.

/** The parts of a name, outermost first, without their brackets or quotes; left-out ones are empty. */
export function nameParts(text: string): string[] {
  const parts = text.match(/\[(?:[^\]]|\]\])*\]|"[^"]*"|[^.]+|(?<=\.)(?=\.)/g) ?? [];
  return parts.map((part) => part.replace(/^[["]|[\]"]$/g, "").replaceAll("]]", "]"));
}
