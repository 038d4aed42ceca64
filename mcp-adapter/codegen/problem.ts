/** What is wrong with an operation document: where, why and what to do. Codegen gathers all before it fails. */
export class CodegenProblems extends Error {
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(
      `${problems.length} problem(s) in the operation documents:\n${problems.map((p) => `  - ${p}`).join('\n')}`,
    );
    this.name = 'CodegenProblems';
    this.problems = problems;
  }
}
