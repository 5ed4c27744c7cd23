/** What is written from left to right in every language, rules and English sentences, with texts that have a direction of their own. */

const QUOTED = /("""[^]*?"""|"(?:\\.|[^"\\])*"|`[^`]*`|“[^”]*”)/;

/** What is between quotation marks stays between them, also if it is in Arabic. */
function Quoted({ text }: { text: string }) {
  return text.split(QUOTED).map((part, at) =>
    at % 2 === 0 ? (
      part
    ) : (
      <>
        {part[0]}
        <bdi>{part.slice(1, -1)}</bdi>
        {part.at(-1)}
      </>
    ),
  );
}

/** A part of a rule. */
export function Code({ text, class: more }: { text: string; class?: string }) {
  return (
    <code class={more ? `ltr ${more}` : 'ltr'}>
      <Quoted text={text} />
    </code>
  );
}

/** What the host says in English. */
export function Said({ text }: { text: string }) {
  return (
    <bdi lang="en" dir="ltr">
      <Quoted text={text} />
    </bdi>
  );
}
