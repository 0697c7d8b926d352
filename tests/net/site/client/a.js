// A script for the tests.
export const answer = 42;
