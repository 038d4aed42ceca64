/** The package's own types import each other without file extensions, which Node's resolution does not find. */
declare module '@huggingface/tokenizers' {
  export class Tokenizer {
    /** Contents of `tokenizer.json` and `tokenizer_config.json`. */
    constructor(definition: object, config: object);
    encode(text: string, options?: { add_special_tokens?: boolean }): { ids: number[] };
  }
}
