/** A brief to look around with. */
export const EXAMPLE = `Hi team,

the last campaign brought us many names but few patients, and our front desk lost patience with calling people who never
answer. So for December we want qualified leads for our physiotherapy sessions, not just names.

We'd like to reach women and men in the United States, aged 25-54, who are into running and yoga. We can spend up to
$30k in total, from 1 December 2026 for four weeks, on Google Ads as well as Facebook and Instagram. A lead should cost
us no more than $45.

Keep the tone friendly, and please no stock photos of people in suits.
`;
