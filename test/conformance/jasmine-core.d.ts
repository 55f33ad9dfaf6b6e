// What the conformance run uses of jasmine-core, which ships without types.
declare module 'jasmine-core' {
  export interface Result {
    readonly fullName: string;
    /** Of a spec: 'passed', 'failed', 'pending' (the suite itself leaves it out) or 'excluded' (by the filter). */
    readonly status: string;
    readonly failedExpectations: readonly { readonly message: string }[];
  }
  export interface Reporter {
    specDone(result: Result): void;
    suiteDone(result: Result): void;
  }
  export interface Environment {
    configure(options: {
      readonly random: boolean;
      readonly specFilter: (spec: { getFullName(): string }) => boolean;
    }): void;
    addReporter(reporter: Reporter): void;
    execute(): Promise<unknown>;
  }
  /** Puts describe, it, expect ... into the global scope. */
  export function boot(): { getEnv(): Environment };
}
