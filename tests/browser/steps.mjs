// Which walk takes which steps, in order. A walk is one test with a portal of its own (tests/it/browser.rs names it), so walks
// run beside each other and depend on nothing of each other's. A new file of steps is added to the walk that it belongs to.
//
// Each step is given `person(name)`, a browser that stays that person's from step to step, `mail(address, words)` for what the
// portal has sent, `facts` about the portal as it was found, `notes` for what a later step needs, `atTheEnd(action)` for what
// is to be ended, and whether `javaScript` is on.

import { beforeTheYear } from './steps/public-before.mjs';
import { allocating } from './steps/allocating.mjs';
import { baselining } from './steps/baselining.mjs';
import { certificates } from './steps/certificates.mjs';
import { checking } from './steps/checking.mjs';
import { correctingRules } from './steps/correcting-rules.mjs';
import { deciding, reopening, trying } from './steps/deciding.mjs';
import { desk } from './steps/desk.mjs';
import { downloading } from './steps/downloading.mjs';
import { editingStandards } from './steps/editing-standards.mjs';
import { editions } from './steps/editions.mjs';
import { feeds } from './steps/feeds.mjs';
import { filing } from './steps/filing.mjs';
import { keyboard } from './steps/keyboard.mjs';
import { library } from './steps/library.mjs';
import { offline } from './steps/offline.mjs';
import { planning } from './steps/planning.mjs';
import { programme } from './steps/programme.mjs';
import { everybody } from './steps/public.mjs';
import { publishing } from './steps/publishing.mjs';
import { querying } from './steps/querying.mjs';
import { queueing } from './steps/queueing.mjs';
import { agreeing, claiming, finishing } from './steps/reviewing.mjs';
import { moderating, secondScoring } from './steps/second-scoring.mjs';
import { signing } from './steps/signing.mjs';
import { sites } from './steps/sites.mjs';
import { standing } from './steps/standing.mjs';
import { suppression } from './steps/suppression.mjs';
import { time } from './steps/time.mjs';
import { workspace } from './steps/workspace.mjs';

export const walks = {
  // The annual return from the first answer to the published figures.
  job: [
    ...beforeTheYear,
    ...filing,
    ...editions,
    ...signing,
    ...standing,
    ...allocating,
    ...claiming,
    ...secondScoring,
    ...workspace,
    ...querying,
    ...agreeing,
    ...trying,
    ...finishing,
    ...moderating,
    ...deciding,
    ...baselining,
    ...publishing,
    ...everybody,
    ...downloading,
    ...feeds,
    ...checking,
    ...suppression,
    ...correctingRules,
    ...reopening,
  ],
  // What an organisation keeps and takes along: workbooks, evidence, certificates, the improvement plan.
  affairs: [...offline, ...library, ...certificates, ...planning],
  // The programme's year: collections, more time, interim returns, the register, the central team.
  year: [...programme, ...time, ...desk, ...queueing, ...editingStandards],
  // A head office answers once for its sites, and a site reads what was submitted for it.
  head: sites,
  // From signing in to the receipt without a mouse, on a small phone's width.
  keyboard,
};
