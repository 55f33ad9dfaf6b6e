// Types for the parts of jasmine-core that the conformance run uses.
declare module 'jasmine-core' {
  export interface Result {
    readonly fullName: string;
    /** For a spec: 'passed', 'failed', 'pending' (skipped by the suite itself) or 'excluded' (by the filter). */
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
  /** Installs describe, it, expect ... as globals. */
  export function boot(): { getEnv(): Environment };
}
