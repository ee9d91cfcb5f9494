import { type Problem, type ProblemCode, problem } from '../shared/api/problem.ts';

/** An answer other than success that the client will act on; the HTTP layer sends its problem. */
export class Refusal extends Error {
  readonly problem: Problem;

  constructor(given: Problem) {
    super(given.title);
    this.name = 'Refusal';
    this.problem = given;
  }
}

/** The exception form of a problem: `throw refuse('not-found', 'There is no such file.')`. */
export const refuse = (code: ProblemCode, title: string, more: Partial<Problem> = {}): Refusal =>
  new Refusal(problem(code, title, more));
