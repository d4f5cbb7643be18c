import fc from 'fast-check';

// The same cases in every run: a property that fails, fails for who looks into it, too.
fc.configureGlobal({ seed: 1 });
