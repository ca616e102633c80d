/** What each platform asks for, in words, and where it is found. */
export interface Field {
  key: string;
  label: string;
  where: string;
  secret?: boolean;
  optional?: boolean;
  long?: boolean;
  /** Of which way to be let in; none: of all. */
  way?: string;
}

export interface Asks {
  fields: Field[];
  /** Ways to be let in, where there are several. */
  ways?: { value: string; label: string }[];
  note?: string;
  steps: string[];
}

const GOOGLE: Asks = {
  steps: [
    "In Google Ads, open the manager account and ask for a developer token (Admin, API Center). Google answers within some days.",
    "In the Google Cloud console, switch the Google Ads API on and make a client, or a service account that you add to the ad account as a user.",
    "Fill this in. It is tried at once, and kept sealed only if Google takes it.",
  ],
  ways: [
    { value: "client", label: "A person's consent" },
    { value: "service", label: "A service account" },
  ],
  note: "While the consent screen of the client is “in testing”, Google lets its tokens run out after seven days: publish it there.",
  fields: [
    { key: "customer_id", label: "Customer ID", where: "Of the account that advertises: ten digits, top right in Google Ads." },
    {
      key: "login_customer_id",
      label: "Manager account's ID",
      where: "Where you reach the account by a manager account; else leave it empty.",
      optional: true,
    },
    { key: "developer_token", label: "Developer token", where: "In Google Ads, of the manager account: Admin, API Center.", secret: true },
    {
      key: "client_id",
      label: "Client ID",
      where: "In the Google Cloud console: Credentials, an OAuth client of the type “Desktop app”.",
      way: "client",
    },
    { key: "client_secret", label: "Client secret", where: "Beside the client ID.", secret: true, way: "client" },
    {
      key: "refresh_token",
      label: "Refresh token",
      where: "Given once, when somebody who may manage the account agrees to that client's access (scope adwords).",
      secret: true,
      way: "client",
    },
    {
      key: "json_key",
      label: "Key of the service account",
      where: "In the Google Cloud console: IAM, Service accounts, Keys. Paste the whole JSON file.",
      secret: true,
      long: true,
      way: "service",
    },
    {
      key: "impersonated_email",
      label: "Acts for",
      where: "A person of your domain, where the service account acts for one; else leave it empty.",
      optional: true,
      way: "service",
    },
  ],
};

const META: Asks = {
  steps: [
    "In Meta's Business settings, make a system user and assign the ad account to it.",
    "Make a token for it with ads_read, and with ads_management if plans are to be published.",
    "Fill this in. It is tried at once, and kept sealed only if Meta takes it.",
  ],
  note: "A system user's token does not run out. A person's does after two months; you are told two weeks before.",
  fields: [
    { key: "account_id", label: "Account ID", where: "In Ads Manager: the account's number, with act_ before it or without." },
    { key: "access_token", label: "Access token", where: "Business settings, System users, Generate new token.", secret: true },
    { key: "app_id", label: "App ID", where: "Of the app that the token was made for. May be left empty.", optional: true },
    {
      key: "app_secret",
      label: "App secret",
      where: "With it every call is signed, and the end of the token's life is known. May be left empty.",
      secret: true,
      optional: true,
    },
  ],
};

const KNOWN: Record<string, Asks> = { google_ads: GOOGLE, meta_ads: META };

/** What a platform asks for; of one that somebody added, the bare names. */
export function asksOf(platform: string, needs: string[]): Asks {
  const fields = needs.map((key) => ({
    key,
    label: key.replaceAll("_", " "),
    where: "As the platform gave it.",
    secret: /token|secret|key|password/.test(key),
  }));
  return KNOWN[platform] ?? { fields, steps: [] };
}
