/** Text that is already HTML. Only `html` and `joined` make it, so nothing else reaches a page unescaped. */
export interface Html {
  readonly html: string;
}

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** For text between tags and in quoted attributes. What no HTML text can hold becomes U+FFFD. */
export function escapeHtml(text: string): string {
  return text
    .toWellFormed()
    .replaceAll(/(?![\t\n\r])\p{Cc}/gu, '\uFFFD')
    .replaceAll(/[&<>"']/g, (character) => ESCAPES[character] ?? '');
}

/** A template whose values are escaped unless they are `Html`. */
export function html(texts: TemplateStringsArray, ...values: readonly (string | number | Html)[]): Html {
  let out = texts[0] ?? '';
  values.forEach((value, at) => {
    out += typeof value === 'object' ? value.html : escapeHtml(String(value));
    out += texts[at + 1] ?? '';
  });
  return { html: out };
}

export function joined(parts: readonly Html[]): Html {
  return { html: parts.map((part) => part.html).join('\n') };
}

export const NOTHING: Html = { html: '' };
