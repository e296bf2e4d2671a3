// The steps of the walk, in order. Each is given `person(name)`, a browser that stays that person's from step to step,
// `mail(address, words)` for what the portal has sent, `facts` about the portal as it was found, `notes` for what a later
// step needs, and whether `javaScript` is on.

import { beforeTheYear } from './steps/public-before.mjs';
import { filing } from './steps/filing.mjs';
import { signing } from './steps/signing.mjs';
import { time } from './steps/time.mjs';
import { programme } from './steps/programme.mjs';
import { reviewing } from './steps/reviewing.mjs';
import { publishing } from './steps/publishing.mjs';
import { desk } from './steps/desk.mjs';

export const steps = [...beforeTheYear, ...filing, ...programme, ...time, ...signing, ...reviewing, ...publishing, ...desk];
