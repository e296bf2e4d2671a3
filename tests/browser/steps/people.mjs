// How people sign in, as every step that needs somebody does.

/** Somebody of the facts, signed in with address and password unless they are already. */
export async function signedIn({ person, facts }, who) {
  const walk = await person(facts.people[who]);
  if ((await walk.context.cookies()).some(({ name }) => name === '__Host-session')) {
    await walk.visit('/home');
    return walk;
  }
  await walk.visit('/sign-in');
  await walk.fill('Email address', facts.addresses[who]);
  await walk.fill('Password', facts.password);
  await walk.press('Sign in');
  return walk;
}

/** The address of the walked trust's return, and of what is below it. */
export const ofReturn = (facts, more = '', year = facts.year) =>
  `/organisations/${facts.trust.code}/returns/${year}${more}`;

/** Day, month and year of a day so many days from now. */
export function inDays(days) {
  const day = new Date(Date.now() + days * 86_400_000);
  return [day.getUTCDate(), day.getUTCMonth() + 1, day.getUTCFullYear()];
}
