//! The annual return: answers, evidence, sign-off and submission.
