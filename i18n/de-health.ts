import type { HealthPhrases } from './health-phrases.ts';

const GERAET = { microphone: 'Mikrofon', speaker: 'Lautsprecher' } as const;
const KEIN = { microphone: 'Es gibt kein Mikrofon.', speaker: 'Es gibt keinen Lautsprecher.' } as const;

/** Bytes as `1,5 GB`. */
function bytes(count: number): string {
  if (count < 2 ** 30) return `${Math.round(count / 2 ** 20)} MB`;
  return `${(count / 2 ** 30).toFixed(1).replace('.', ',')} GB`;
}

/** German: the health page. */
export const deHealth: { readonly [C in keyof HealthPhrases]: (details: HealthPhrases[C]) => string } = {
  'health-device': ({ kind, device, state }) => {
    const name = device ?? `${GERAET[kind]} des Systems`;
    const isMicrophone = kind === 'microphone';
    if (state === 'running') return isMicrophone ? `${name}: offen, es kommt Ton.` : `${name}: offen.`;
    if (state === 'opening') return `${name}: wird geöffnet.`;
    return `${name}: wird geöffnet, wenn ${isMicrophone ? 'du sprichst' : 'jemand spricht'}.`;
  },
  'health-no-device': ({ kind }) => KEIN[kind],
  'health-no-address': () => 'Dieser Computer hat keine Adresse im Netz des Büros.',
  'health-loss': ({ name, percent }) =>
    `Zwischen hier und dem Computer von ${name} gehen ${percent} % verloren. Gespeicherte Nachrichten sind trotzdem vollständig.`,
  'health-slow': ({ name, milliseconds }) =>
    `Der Computer von ${name} antwortet erst nach ${milliseconds} ms: Was gesagt wird, kommt spät.`,
  'health-network': ({ address }) =>
    address === null
      ? 'Das Netz wird geprüft, sobald du in einem Büro bist.'
      : `Dieser Computer ist unter ${address} zu erreichen.`,
  'health-multicast': ({ inOffice }) =>
    inOffice
      ? 'Die Computer der Kollegen werden von selbst gefunden (DNS-SD).'
      : 'Kollegen werden gesucht, sobald du in einem Büro bist.',
  'health-no-office': () => 'Dieser Computer gehört noch zu keinem Büro.',
  'health-no-switch': () => 'Gerade vermittelt kein Computer; sprechen geht trotzdem.',
  'health-is-switch': ({ standby }) =>
    standby === null
      ? 'Dieser Computer vermittelt. Kein anderer könnte es übernehmen.'
      : `Dieser Computer vermittelt. Der von ${standby} würde es übernehmen.`,
  'health-switch-lost': ({ name }) =>
    `Der Computer von ${name} vermittelt, aber es gibt keine Verbindung zu ihm. Sprechen geht trotzdem; gespeicherte Nachrichten warten.`,
  'health-switch': ({ name, standby }) =>
    `Der Computer von ${name} vermittelt, und dieser ist mit ihm verbunden.${standby ? ' Dieser würde es übernehmen.' : ''}`,
  'health-copied': () =>
    'Alles, was du gesagt hast, liegt auf zwei weiteren Computern oder bei allen, für die es war.',
  'health-not-copied': ({ messages }) =>
    messages === 1
      ? 'Eine Nachricht von dir liegt weder auf zwei weiteren Computern noch bei allen, für die sie war.'
      : `${messages} Nachrichten von dir liegen weder auf zwei weiteren Computern noch bei allen, für die sie waren.`,
  'health-little-space': (details) =>
    `Wo die Nachrichten liegen, sind nur noch ${bytes(details.bytes)} frei.`,
  'health-storage': (details) =>
    details.bytes === null
      ? 'Nachrichten lassen sich speichern.'
      : `Nachrichten lassen sich speichern; ${bytes(details.bytes)} sind frei.`,
  'health-extension-taken': ({ extension, holder }) =>
    `Die Durchwahl ${extension} gehört schon ${holder} und erreicht nicht dich.`,
  'health-extension': ({ extension }) =>
    extension === null
      ? 'Deine Durchwahl wählst du, wenn du einem Büro beitrittst.'
      : `Die Durchwahl ${extension} erreicht dich.`,

  'next-device': ({ kind }) =>
    kind === 'microphone'
      ? 'Schließ eines an, oder wähle in den Einstellungen unter Ton ein anderes; dann sag etwas und hör dich selbst.'
      : 'Schließ einen an, oder wähle in den Einstellungen unter Ton einen anderen. Bis dahin wirst du benachrichtigt, statt die Nachrichten zu hören.',
  'next-network': () => 'Steck das Kabel ein, oder verbinde das WLAN; Corridor macht von selbst weiter.',
  'next-loss': () => 'Nimm ein Kabel statt des WLANs, oder geh näher an dessen Sender.',
  'next-slow': () => 'Sieh nach, ob ein großer Download oder schwaches WLAN das Netz bremst.',
  'next-multicast': () =>
    'Gib in den Einstellungen unter Büro die Adresse des Computers eines Kollegen ein: Über ihn werden die anderen gefunden.',
  'next-office': () => 'Leg ein Büro an, oder tritt mit dem Link eines Kollegen einem bei.',
  'next-no-switch': () =>
    'Warte ein paar Sekunden: Einer wird gewählt. Geschieht das nicht, sieh nach, ob eine Firewall Corridor blockiert (TCP und UDP 47021).',
  'next-switch-lost': ({ name }) =>
    `Bleibt das so, sieh nach, ob eine Firewall hier oder auf dem Computer von ${name} Corridor blockiert (TCP 47021).`,
  'next-copies': ({ hasColleagues }) =>
    hasColleagues
      ? 'Lass diesen Computer an: Es wird kopiert, sobald der Computer eines weiteren Kollegen da ist.'
      : 'Lass diesen Computer an, bis der Computer eines Kollegen da ist: Dann wird von selbst kopiert.',
  'next-storage': () =>
    'Mach Platz auf dem Datenträger, oder behalte weniger Nachrichten (Einstellungen, Speicher).',
  'next-extension': ({ free }) => `Wähle in den Einstellungen eine andere Nummer für dich: ${free} ist frei.`,
};
