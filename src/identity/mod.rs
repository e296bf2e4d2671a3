//! People, sign-in, sessions, invitations and membership of organisations.
