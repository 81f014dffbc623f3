import type { Phrases, Translations } from '../phrases.ts';
import type { ModelFileFault } from '../speech-phrases.ts';
import { desktopPhrases } from './desktop.ts';

const WAEHREND = 'Was inzwischen ankommt, bleibt im Arbeitsspeicher und wird geschrieben, sobald es geht.';
const NICHT_IM_BUERO =
  'Dieser Computer gehört noch zu keinem Büro. Leg eines an, oder tritt mit dem Link eines Kollegen bei.';
/** Einzahl und Mehrzahl. */
const ZEIT = {
  minutes: ['Minute', 'Minuten'],
  hours: ['Stunde', 'Stunden'],
  days: ['Tag', 'Tage'],
  years: ['Jahr', 'Jahre'],
} as const;
const TASTE = {
  talkKey: 'die Sprechtaste',
  replyKey: 'die Antworttaste',
  pageKey: 'die Taste für Durchsagen an alle',
  playNextKey: 'die Abspieltaste',
  answerKey: 'die Taste zum Annehmen von Anrufen',
  laterKey: 'die Taste zum Aufschieben von Anrufen',
} as const;
const DANN = {
  available: ' und erreichbar',
  busy: ', beschäftigt: wird benachrichtigt',
  dnd: ', nicht zu stören: findet deine Nachricht später',
  away: ', abwesend: wird benachrichtigt',
  offline: ', Computer aus: deine Nachricht wartet',
} as const;
const MIKROFON = 'Es gibt kein Mikrofon. Schließ eines an, oder wähle in den Einstellungen ein anderes.';
const ADRESSE = {
  empty: () => 'Die Adresse ist leer.',
  'too-long': () => 'Die Adresse ist zu lang.',
  'no-address': (given: string) => `${given} ist keine Adresse.`,
  'no-host': (given: string) => `${given} ist kein Computer.`,
  'bad-port': (given: string) => `Der Port von ${given} ist keine Zahl von 1 bis 65535.`,
} as const;
const EINLADUNG = {
  'maker-out': 'Wer dazu eingeladen hat, darf niemanden mehr hereinlassen.',
  withdrawn: 'Diese Einladung wurde zurückgenommen.',
  over: 'Diese Einladung ist abgelaufen.',
  'used-up': 'Diese Einladung ist aufgebraucht.',
  'removal-since': 'Diese Einladung endete, als jemand aus dem Büro entfernt wurde.',
  behind: 'Diesem Computer fehlt noch, was seit der Einladung im Büro geschehen ist.',
} as const;
const NEUER_LINK = ' Bitte einen Kollegen um einen neuen Link.';
const NICHT_HEREIN: Readonly<Record<Phrases['join-refused']['reason'], string>> = {
  'bad-card':
    'Der andere Computer konnte die Schlüssel von diesem nicht lesen. Bring Corridor auf den neuesten Stand.',
  'bad-proof': `Dieser Link öffnet dort nichts.${NEUER_LINK}`,
  'other-office': 'Dieser Computer gehört zu einem anderen Büro. Such dein Büro noch einmal aus.',
  'cannot-admit':
    'Dieser Kollege darf niemanden hereinlassen. Versuch es, wenn ein Computer da ist, der es darf.',
  'unknown-invitation': `Von dieser Einladung weiß der andere Computer noch nichts. Versuch es in einer Minute noch einmal, oder bitte um einen neuen Link.`,
  'maker-out': EINLADUNG['maker-out'] + NEUER_LINK,
  withdrawn: EINLADUNG.withdrawn + NEUER_LINK,
  over: EINLADUNG.over + NEUER_LINK,
  'used-up': EINLADUNG['used-up'] + NEUER_LINK,
  'removal-since': EINLADUNG['removal-since'] + NEUER_LINK,
  behind:
    'Der andere Computer weiß noch nicht alles, was im Büro geschehen ist. Versuch es in einer Minute noch einmal.',
  removed: 'Dieser Computer wurde aus dem Büro entfernt. Er kommt nur mit neuen Schlüsseln wieder hinein.',
  full: 'Dieser Kollege hat schon so viele Menschen hereingelassen, wie er darf. Bitte einen Admin darum.',
  busy: 'Dort fragen gerade schon zu viele. Versuch es in einer Minute noch einmal.',
  closed: 'Dort wird gerade niemand hereingelassen. Bitte einen Kollegen, „Jemanden hereinlassen“ zu wählen.',
  muted:
    'Dort wurde vor Kurzem abgelehnt. Sprich mit den Kollegen, und versuch es in einer Stunde noch einmal.',
  'asked-already': 'Von diesem Computer liegt dort schon eine Anfrage. Warte auf die Antwort.',
  declined: 'Du wurdest nicht hereingelassen.',
  other: 'Du wurdest nicht hereingelassen, und der Grund stammt aus einer neueren Version von Corridor.',
};
const SELBST_BEENDET: Readonly<Record<Phrases['join-ended']['reason'], string>> = {
  'wrong-order': 'Der andere Computer hielt sich nicht an den Ablauf. Versuch es noch einmal.',
  'too-late': 'Das hat länger als zwei Minuten gedauert. Versuch es noch einmal.',
  'other-keys':
    'Die Schlüssel gehören nicht zu dieser Verbindung: Jemand hat sich dazwischengesetzt. Lass niemanden herein.',
  'other-commitment': 'Der andere Computer hat seine Zahl nachträglich geändert. Lass niemanden herein.',
  'false-office': 'Das ist nicht das Büro, in das du wolltest. Bitte einen Kollegen um Hilfe.',
  'old-ledger': 'Der andere Computer zeigt einen alten Stand des Büros. Versuch es über einen anderen.',
  lost: 'Die Verbindung zum anderen Computer ist weg, oder dort hat niemand verglichen. Versuch es noch einmal.',
  'other-digits':
    'Die Ziffern waren nicht dieselben: Vielleicht hat sich jemand dazwischengesetzt. Es ist nichts geschehen.',
  'not-admitted':
    'Der andere Computer sagt, du seist drin, aber das Büro weiß nichts davon. Versuch es noch einmal.',
  'in-already':
    'Dieser Computer wurde schon hereingelassen und hat nichts davon erfahren. Bitte einen Kollegen um einen Link.',
};
const MODELLFEHLER: Readonly<Record<ModelFileFault, (file: string) => string>> = {
  missing: (file) => `Im Modellordner fehlt ${file}.`,
  empty: (file) => `${file} ist leer.`,
  'cut-off': (file) => `${file} ist nicht vollständig.`,
  pointer: (file) => `Statt ${file} liegt nur ein Verweis von Git LFS da.`,
  'no-model': (file) => `${file} ist keine Modelldatei.`,
};
const GERAET = { microphone: 'Mikrofon', speaker: 'Lautsprecher' } as const;
const KEIN = { microphone: 'Es gibt kein Mikrofon.', speaker: 'Es gibt keinen Lautsprecher.' } as const;

/** Bytes as `1,5 GB`. */
function bytes(count: number): string {
  if (count < 2 ** 30) return `${Math.round(count / 2 ** 20)} MB`;
  return `${(count / 2 ** 30).toFixed(1).replace('.', ',')} GB`;
}

/** `das Mikrofon „USB“`. */
function geraet(kind: 'microphone' | 'speaker', device: string | null): string {
  const name = device === null ? '' : ` „${device}“`;
  return `${kind === 'microphone' ? 'Das Mikrofon' : 'Der Lautsprecher'}${name}`;
}

/** `2026-03-09` as `9.3.2026`. */
function tag(day: string): string {
  const [year, month, date] = day.split('-').map(Number);
  return `${date}.${month}.${year}`;
}

/** Why nothing could be saved, and what helps. */
function datenträgerfehler({ fault, why }: Phrases['settings-not-saved'], schreibgeschützt: string): string {
  if (fault === 'full') return 'Der Datenträger ist voll: Mach Platz.';
  if (fault === 'read-only') return schreibgeschützt;
  return `Das System meldet: ${why ?? 'nichts Näheres'}.`;
}

const speicherfehler = (fault: Phrases['settings-not-saved']): string =>
  datenträgerfehler(fault, 'In den Ordner des Profils darf nicht geschrieben werden.');
const aufnahmefehler = (fault: Phrases['recording-cut-short']): string =>
  datenträgerfehler(fault, 'In ihren Ordner darf nicht geschrieben werden: Wähle einen anderen.');

/** German: every sentence that a node or its desktop part makes. */
export const phrases: Translations = {
  ...desktopPhrases,

  failed: ({ why }) => `Das ging nicht: ${why}`,
  'bad-arguments': ({ why }) => `Das passt so nicht: ${why}`,
  'not-a-join-link': ({ prefix }) =>
    `Das ist kein Beitrittslink: Er beginnt mit ${prefix}. Lass dir von einem Kollegen seinen schicken.`,
  'mistyped-join-link': () =>
    'In diesem Beitrittslink ist ein Fehler: Ein Zeichen ist falsch oder fehlt. Kopier den ganzen Link noch einmal.',
  'join-link-cut-off': () => 'Das Ende dieses Beitrittslinks fehlt. Kopier den ganzen Link noch einmal.',
  'old-join-link': () =>
    'Diesen Beitrittslink hat Corridor 0.1 gemacht, er öffnet nichts mehr. Bitte einen Kollegen um einen neuen.',
  'join-refused': ({ reason }) => NICHT_HEREIN[reason],
  'join-ended': ({ reason }) => SELBST_BEENDET[reason],
  'invitation-closed': ({ reason }) => EINLADUNG[reason],
  'too-many-invitations': ({ most }) =>
    `Es gibt ${most} Einladungen von dir, die länger gelten. Nimm eine davon, oder mach eine, die so lange gilt.`,
  'not-compared': () => 'Vergleicht zuerst die sechs Ziffern auf beiden Bildschirmen.',
  'no-such-request': () => 'Diese Anfrage gibt es nicht mehr.',
  'not-your-person': () =>
    'Einen weiteren Computer fügt nur die Person selbst hinzu. Jemanden, dessen Computer alle entfernt sind, kann ein Admin zurückholen.',
  'recovery-code-cut-off': () =>
    'Ein Teil dieses Wiederherstellungscodes fehlt: Er hat sechs Gruppen von fünf Zeichen.',
  'mistyped-recovery-code': () =>
    'In diesem Wiederherstellungscode ist ein Fehler. Vergleich ihn Zeichen für Zeichen mit der Vorlage.',
  'wrong-recovery-code': () =>
    'Dieser Wiederherstellungscode gilt hier nicht: Er gehört zu einem anderen Büro, ist schon benutzt oder durch einen neuen ersetzt.',
  'admins-only': () => 'Das darf nur ein Admin.',
  'no-recovery-code': () =>
    'Das Büro hat keinen Wiederherstellungscode: Wären seine Admins verloren, könnte niemand einer werden. Mach in den Einstellungen des Büros einen Code.',
  'ledger-large': () =>
    'Die Liste der Mitglieder des Büros ist lang geworden. Gründe das Büro in seinen Einstellungen neu: Schlüssel und Nachrichten bleiben.',
  'no-such-removal': () => 'So eine Entfernung gibt es nicht, oder sie wurde schon zurückgenommen.',
  'not-your-removal': () =>
    'Eine Entfernung nimmt zurück, wer sie unterschrieben hat, oder wer schon länger Admin ist.',
  'last-admin': () => 'Dann gäbe es keinen Admin mehr. Mach zuerst jemand anderen zum Admin.',
  'asked-to-move': ({ name, without, more }) => {
    const weitere = more === 0 ? [] : [more === 1 ? 'eine weitere Person' : `${more} weitere Personen`];
    const zurueck = [...(without === null ? [] : [without]), ...weitere].join(' und ');
    return `${name ?? 'Jemand aus dem Büro'} hat das Büro neu gegründet${zurueck === '' ? '' : `, ohne ${zurueck}`}. Kommst du mit?`;
  },
  'no-move': () => 'Niemand fragt dich mehr, ob du in ein anderes Büro mitkommst.',
  'extension-taken': ({ extension, holder, free }) =>
    `Die Durchwahl ${extension} gehört schon ${holder ?? 'jemand anderem'}. ${free} ist frei.`,
  'extension-reserved': ({ extension, mailbox, free }) =>
    `Die Durchwahl ${extension} wird nicht vergeben, denn ${mailbox} tut etwas anderes. ${free} ist frei.`,
  'code-none': ({ name }) => `Kein Code, den man ändern kann, heißt ${name}.`,
  'code-malformed': ({ code }) =>
    `${code} kann kein Code sein. Ein Code ist eine Ziffer, oder * oder # mit bis zu vier Ziffern dahinter, etwa *11.`,
  'code-collides': ({ row, code, other, otherCode }) => {
    const [own, theirs] = [dialledBy(row, code), dialledBy(other, otherCode)];
    const why = own === theirs ? `${own} wird schon gewählt` : `${own} würde gewählt wie ${theirs}`;
    return `${why}: „${phrases[other]({ part: 'explanation', code: '' })}“ Nimm einen anderen Code.`;
  },
  'code-hides': ({ mailbox, holder, extension, row, code }) =>
    `${mailbox} erreicht die Mailbox von ${holder ?? 'jemandem'} (${extension}), und ${dialledBy(row, code)} würde sie verdecken. Nimm einen anderen Code, oder ändere erst diese Nummer.`,
  'not-admitting': () => 'In diesem Büro lassen nur Admins jemanden herein. Frag einen von ihnen.',
  'let-in-most': () =>
    'Du hast 64 Menschen hereingelassen, so viele, wie ein Mitglied darf. Frag einen Admin.',
  'no-such-invitation': () =>
    'Eine solche Einladung, die du zurücknehmen oder erneuern darfst, gibt es nicht.',
  'ledger-damaged': ({ path }) =>
    `Das Büro auf diesem Computer ließ sich nicht lesen und liegt jetzt als ${path}.damaged beiseite. Deine Nachrichten bleiben. Tritt mit dem Link eines Kollegen neu bei.`,
  'statement-not-saved': ({ why }) =>
    `Das ließ sich nicht speichern, also hat sich nichts geändert. Die Festplatte meldet: ${why}.`,
  'statement-partly-saved': ({ why }) =>
    `Nur ein Teil davon ließ sich speichern, und der gilt. Sieh nach, was jetzt angezeigt wird, und mach den Rest noch einmal. Die Festplatte meldet: ${why}.`,
  'extension-lost': ({ extension, holder, now }) =>
    `Die Durchwahl ${extension} gehört jetzt ${holder ?? 'jemand anderem'}. Deine ist ${now}; eine andere wählst du in den Einstellungen.`,
  'numbers-spent': () =>
    'Auf diesem Computer wurde schon 64-mal eine Durchwahl gewählt; mehr zählt das Büro nicht. Wähle deine auf einem anderen deiner Computer.',
  'number-moved': ({ extension, was, now, again }) => {
    const who = now ?? 'jemand anderes';
    const before = was === null ? 'vorher war es jemand anderes' : `vorher war es ${was}`;
    const change =
      was !== null && was === now
        ? `${extension} ist jetzt ${who} mit einem anderen Schlüssel: ein neuer Computer, oder jemand anderes mit diesem Namen.`
        : `${extension} ist jetzt ${who}, ${before}.`;
    return again ? `${change} Zum Sprechen noch einmal drücken.` : change;
  },
  'no-office': () => NICHT_IM_BUERO,
  'not-set-up': () => NICHT_IM_BUERO,
  'no-name': () => 'Sag zuerst, wer du bist: ein Name und eine Durchwahl.',
  'time-past': () => 'Diese Zeit ist schon vorbei. Wähle eine spätere.',
  'no-person': () => 'So jemanden gibt es unter deinen Kollegen nicht.',
  'key-taken': ({ key, use, person }) => {
    const taken =
      use === 'personKeys'
        ? `die Taste für ${person ?? 'jemanden'}`
        : use === 'presetKeys'
          ? `die Taste für den Satz ${person ?? ''}`
          : TASTE[use];
    return `${key} ist schon ${taken}. Wähle hierfür eine andere.`;
  },
  'dial-empty': () => 'Wähle eine Durchwahl mit 2 bis 6 Ziffern.',
  'dial-unknown': () =>
    'So eine Nummer gibt es nicht. Eine Durchwahl hat 2 bis 6 Ziffern; # und eine Abrufnummer spielt eine Nachricht.',
  'dial-nobody': ({ extension }) =>
    `Die Durchwahl ${extension} hat niemand. Sieh in der Liste der Personen nach.`,
  'dial-no-message': ({ number }) =>
    `Hier hat keine Nachricht die Nummer ${number}. Ihre Nummern stehen in der Liste der Nachrichten.`,
  'dial-not-talked-to': ({ dialled, number }) =>
    `${dialled} spielt Nachricht #${number} und erreicht niemanden. Wähle sie zum Anhören; zum Sprechen und Weiterleiten wähle eine Durchwahl.`,
  'dial-person': ({ name, extension, presence }) => `Spricht mit ${name} (${extension})${DANN[presence]}.`,
  'dial-spoken': ({ number, direction, name, extension, day, time, seconds, live }) => {
    const whose = direction === 'in' ? `von ${name} (${extension})` : `von dir an ${name} (${extension})`;
    const when = day === null ? `heute um ${time}` : `am ${tag(day)} um ${time}`;
    if (seconds === null) return `Liest Nachricht #${number} ${whose}, ${when}, vor.`;
    return `Spielt Nachricht #${number} ${whose}, ${when}, ${live ? 'wird noch gesprochen' : `${seconds} s lang`}.`;
  },
  'dial-people': ({ names }) => `Spricht mit ${names}.`,
  'dial-too-many': ({ most, count }) =>
    `Höchstens ${most} Personen lassen sich auf einmal wählen, das sind ${count}.`,
  'dial-group': ({ name, extension, count }) =>
    `Spricht mit allen in ${name} (${extension}): ${count === 1 ? '1 Person' : `${count} Personen`}.`,
  'dial-group-mailbox': ({ name, extension }) =>
    `Spricht auf die Mailboxen aller in ${name} (${extension}). Dort ertönt nichts von selbst.`,
  'group-members-only': ({ name }) => `Mit ${name} sprechen nur die Mitglieder der Gruppe.`,
  'group-empty': ({ name }) => `In ${name} ist außer dir noch niemand, mit dem du sprechen könntest.`,
  'group-no-person': ({ name }) => `${name} ist eine Gruppe. Hier wird die Durchwahl einer Person gewählt.`,
  'group-without-number': ({ name }) =>
    `${name} hat keine Nummer mehr, denn jemand anderes hat sie. Gib der Gruppe erst eine andere.`,
  'group-none': () => 'Diese Gruppe gibt es nicht, oder nicht mehr.',
  'group-not-yours': ({ name, byMembers }) =>
    byMembers
      ? `${name} ändern nur die Mitglieder der Gruppe, wer sie angelegt hat, und Admins.`
      : `${name} ändert nur, wer die Gruppe angelegt hat, oder ein Admin.`,
  'group-full': ({ most, count }) => `In einer Gruppe sind höchstens ${most} Personen, das wären ${count}.`,
  'groups-full': () =>
    'Mehr Gruppen gehen nicht: Ein Büro hat höchstens 256, und wer kein Admin ist, legt mit denen, die er hereingelassen hat, höchstens 32 an. Lösche erst eine, oder frag einen Admin.',
  'groups-spent': () =>
    'Auf diesem Computer wurden Gruppen so oft geändert, dass das Büro nichts weiter zählt. Ändere sie auf einem anderen deiner Computer, oder frag einen Admin.',
  'talk-too-many': ({ most, count }) =>
    `Eine Nachricht erreicht höchstens ${most} Computer auf einmal, das wären ${count}.`,
  'call-one-person': () => 'Ein Anruf hat zwei Enden: Wähle eine Durchwahl.',
  'page-takes-people': () => 'Eine Durchsage geht an Personen oder an eine Gruppe: Wähle deren Durchwahl.',
  'dial-page': ({ count }) =>
    count === 1
      ? 'Durchsage an die eine Kollegin oder den einen Kollegen, solange du die Taste hältst.'
      : `Durchsage an alle ${count} im Büro, solange du die Taste hältst.`,
  'dial-page-group': ({ name, extension, count }) =>
    `Durchsage an ${count === 1 ? 'die eine Person' : `alle ${count}`} in ${name} (${extension}), solange du die Taste hältst.`,
  'dial-only-pages': ({ dialled }) =>
    `${dialled} macht eine Durchsage und leitet nichts weiter. Wähle eine Durchwahl.`,
  'nobody-to-page': () => 'Außer dir ist noch niemand in diesem Büro.',
  'page-unheard': () =>
    'Diese Durchsage würde niemand hören: Die Computer sind aus. Hinterlass sie als Nachricht, oder sprich mit den Kollegen einzeln.',
  'page-not-urgent': () =>
    'Dringende Durchsagen darfst du nicht machen. Es braucht das Recht, „Nicht stören“ zu übergehen: Ein Admin gibt es in Einstellungen → Büro, oder mit corridor grant.',
  'urgent-unconfirmed': ({ names, count }) => {
    const whom =
      names !== null ? `${names}:` : count === 1 ? 'An die eine andere Person:' : `An alle ${count} im Büro:`;
    return `${whom} Das ertönt sofort, auch bei denen, die beschäftigt sind oder nicht gestört werden wollen. Bestätige, dass du das willst.`;
  },
  'page-too-many': ({ most, count }) =>
    `Eine Durchsage erreicht höchstens ${most} Computer, das sind ${count}. Wähle einige davon aus.`,
  'dial-mailbox': ({ name, extension }) =>
    `Spricht auf die Mailbox von ${name} (${extension}). Dort ertönt nichts von selbst.`,
  'dial-type': ({ name, extension }) =>
    `Tippt an ${name} (${extension}): Was du tippst, wird dort gesprochen und lässt sich lesen.`,
  'dial-override': ({ name, extension }) =>
    `Spricht mit ${name} (${extension}), auch bei „Nicht stören“. Vorher wird gefragt.`,
  'may-not-override': () =>
    '„Nicht stören“ darfst du nicht übergehen. Das Recht dazu gibt ein Admin: Einstellungen → Büro, oder corridor grant.',
  'override-unconfirmed': ({ name, extension }) =>
    `${name} (${extension}) hört das sofort, auch bei „Nicht stören“. Bestätige, dass du das willst.`,
  'dial-pick-up': () => 'Nimmt an, was bei einem Kollegen aus deinen Gruppen klingelt.',
  'dial-last-words': () => 'Spielt noch einmal die letzten 30 Sekunden, die du gehört hast.',
  'dial-call': ({ name, extension }) => `Ruft ${name} (${extension}) an.`,
  'dial-unheard': ({ count }) =>
    count === 1 ? 'Spielt die eine ungehörte Nachricht.' : `Spielt die ${count} ungehörten Nachrichten.`,
  'dial-do-not-disturb': ({ isOn }) =>
    isOn ? 'Danach stört dich niemand: Nachrichten warten.' : 'Danach bist du wieder erreichbar.',
  'dial-diverted': ({ from, fromExtension, name, extension, presence }) =>
    `${from} → ${name}. Spricht statt mit ${from} (${fromExtension}) mit ${name} (${extension})${DANN[presence]}.`,
  'dial-divert': ({ to }) =>
    to === null
      ? 'Danach erreicht dich wieder, was man dir sagt.'
      : `Danach geht an ${to}, was man dir sagt.`,
  'dial-no-person': ({ dialled }) =>
    `${dialled} erreicht niemanden. Zum Sprechen und Weiterleiten wähle eine Durchwahl.`,
  yourself: ({ extension }) => `${extension} ist deine eigene Durchwahl.`,
  'plan-extension': ({ part }) =>
    part === 'pattern'
      ? '2 bis 6 Ziffern'
      : 'Spricht mit der Person oder der Gruppe, die diese Durchwahl hat.',
  'plan-call': ({ part, code }) =>
    part === 'pattern'
      ? `${code} und eine Durchwahl`
      : 'Ruft diese Person an: Ihr sprecht beide zugleich. Eine Gruppe bekommt eine Durchsage.',
  'plan-type': ({ part, code }) =>
    part === 'pattern'
      ? `${code} und eine Durchwahl`
      : 'Tippt an diese Person oder Gruppe: Was du tippst, wird dort gesprochen und lässt sich lesen.',
  'plan-several': ({ part }) =>
    part === 'pattern' ? '204,205 oder 204+205' : 'Spricht mit mehreren Personen auf einmal.',
  'plan-unheard': ({ part, code }) => (part === 'pattern' ? code : 'Spielt, was du noch nicht gehört hast.'),
  'plan-everybody': ({ part, code }) =>
    part === 'pattern'
      ? code
      : 'Durchsage an alle: Was du sagst, ertönt sofort bei allen, die gestört werden dürfen. Eine dringende hören auch die anderen: Dazu braucht man ein Recht, und vorher wird gefragt.',
  'plan-last-talker': ({ part, code }) =>
    part === 'pattern' ? code : 'Spricht mit der Person, die zuletzt mit dir sprach.',
  'plan-again': ({ part, code }) =>
    part === 'pattern' ? code : 'Spielt die Nachricht noch einmal, die du zuletzt gehört hast.',
  'plan-pick-up': ({ part, code }) =>
    part === 'pattern' ? code : 'Nimmt den Anruf an, der bei einem Kollegen aus deinen Gruppen klingelt.',
  'plan-last-words': ({ part, code }) =>
    part === 'pattern' ? code : 'Spielt die letzten 30 Sekunden noch einmal, die du gehört hast.',
  'plan-undisturbed': ({ part, code }) => (part === 'pattern' ? code : 'Schaltet Bitte nicht stören ein.'),
  'plan-disturbed': ({ part, code }) => (part === 'pattern' ? code : 'Schaltet Bitte nicht stören aus.'),
  'plan-undivert': ({ part, code }) =>
    part === 'pattern' ? code : 'Beendet deine Umleitung: Was man dir sagt, erreicht wieder dich.',
  'plan-divert': ({ part, code }) =>
    part === 'pattern'
      ? `${code} und eine Durchwahl`
      : 'Leitet um, was man dir sagt: zur Person mit dieser Durchwahl.',
  'plan-message': ({ part, code }) =>
    part === 'pattern' ? `${code} und eine Nummer` : 'Spielt die Nachricht mit dieser Abrufnummer.',
  'plan-message-by-code': ({ part, code }) =>
    part === 'pattern' ? `${code} und eine Nummer` : 'Spielt ebenfalls die Nachricht mit dieser Abrufnummer.',
  'plan-override': ({ part, code }) =>
    part === 'pattern'
      ? `${code} und eine Durchwahl`
      : 'Spricht mit dieser Person, auch wenn sie nicht gestört werden will. Dazu braucht man ein Recht.',
  'plan-mailbox': ({ part, code }) =>
    part === 'pattern'
      ? `${code} und eine Durchwahl`
      : 'Spricht auf die Mailbox dieser Person: Dort ertönt nichts von selbst.',
  'plan-bare-message': ({ part }) =>
    part === 'pattern'
      ? '4 Ziffern oder mehr'
      : 'Spielt die Nachricht mit dieser Abrufnummer, wenn sie niemandes Durchwahl ist.',
  'already-talking': () => 'Du sprichst schon. Lass erst die Taste los.',
  'already-released': () => 'Die Taste war schon losgelassen, bevor du sprechen konntest.',
  talking: () => 'Du sprichst, und das Mikrofon ist belegt. Lass die Taste los, dann prüf den Ton.',
  'still-talking': () => 'Das sprichst du gerade noch. Lösch es, wenn du fertig bist.',
  'talk-cut': () => 'Der Ton setzte einen Augenblick aus. Was du bis dahin gesagt hast, ist gesendet.',
  'talk-silent': () => 'Dein Mikrofon gibt keinen Ton. Ist es stumm geschaltet?',
  'talk-clicked': () => 'Halte gedrückt, solange du sprichst. Es wurde nichts gesendet.',
  'page-nothing-recorded': () =>
    'Es wurde nichts aufgenommen. Halte die Taste, solange du sprichst; beim Loslassen wird die Durchsage gesendet.',
  'page-recording-cut': () =>
    'Der Ton setzte einen Augenblick aus, deine Durchsage wurde nicht gesendet. Sprich sie noch einmal.',
  'talk-nobody-left': () =>
    'Die Person, mit der du sprachst, wurde aus dem Büro entfernt. Was du jetzt sagst, hört niemand.',
  'voice-cut-short': ({ name, isForged }) =>
    isForged
      ? `Corridor spielt ${name} nicht mehr live: Jemand anderes hat Worte in die Nachricht von ${name} eingefügt. Was ${name} wirklich gesagt hat, wartet auf dich.`
      : `Corridor spielt ${name} nicht mehr live: Der Computer von ${name} bestätigt nicht mehr, dass es die Worte von ${name} sind. Was er bestätigt, wartet auf dich.`,
  'nobody-chosen': () => 'Wähle zuerst, mit wem du sprichst: eine Person in der Liste oder eine Nummer.',
  'nobody-spoke': () => 'Noch hat niemand mit dir gesprochen, dem du antworten könntest.',
  'talker-unknown': ({ extension }) =>
    `Wer das gesprochen hat${extension === null ? '' : ` (Durchwahl ${extension})`}, ist in diesem Büro nicht mehr bekannt. Wähle jemand anderen.`,
  'own-message': ({ extension }) =>
    `Diese Nachricht hast du selbst gesprochen. Um wieder zu sprechen, wähle ${extension}.`,
  'key-wanted': ({ talker }) =>
    `${talker === null ? 'Dein anderer Computer' : `Der Computer von ${talker}`} muss einmal an sein, um den Schlüssel zu übergeben.`,
  'no-recogniser': () =>
    'Es ist nichts gewählt, das Gesagtes aufschreibt. Wähle einen Befehl oder ein Modell: Einstellungen → Ton.',
  'no-words': () =>
    'Von dieser Nachricht wurde nichts getippt oder aufgeschrieben; es gibt keinen Text zu sichern.',
  'no-transcript': () => 'Von dieser Nachricht ist noch nichts aufgeschrieben.',
  'captions-failed': () => 'Die Untertitel gehen gerade nicht.',
  'transcript-failed': () => 'Sie ließ sich nicht aufschreiben.',
  'no-preset': ({ place, count }) =>
    `Den Satz ${place} gibt es nicht: In deiner Liste ${count === 1 ? 'steht einer' : `stehen ${count}`}. Die Liste ist unter Einstellungen → Ton.`,
  'no-voice-here': () => 'Dieser Computer hat keine Stimme. Installiere eine, unter Linux espeak-ng.',
  'words-too-slow': () =>
    'Gesprochen dauert dieser Text länger als zehn Minuten, und länger ist keine Nachricht. Schick einen Teil davon.',
  'words-do-not-open': () => 'Die Worte dieser Nachricht lassen sich nicht lesen.',
  'key-not-here': () =>
    'Der Schlüssel dieser Nachricht ist noch nicht auf diesem Computer. Dein anderer Computer, oder der des Sprechers, muss einmal an sein, um ihn zu übergeben.',
  'nothing-heard': () => 'Du hast noch keine Nachricht gehört.',
  'nothing-unheard': () => 'Es gibt nichts Ungehörtes.',
  'no-message': ({ which }) =>
    which === null
      ? 'Diese Nachricht ist nicht mehr hier. Wähle stattdessen die Person in der Liste.'
      : `Eine Nachricht ${which} gibt es hier nicht. Welche es gibt, steht in der Liste.`,
  'not-complete': ({ wish }) =>
    wish === 'export'
      ? 'Diese Nachricht ist auf diesem Computer noch nicht vollständig. Versuch es gleich noch einmal.'
      : 'Nur eine ganze Nachricht lässt sich weiterleiten, und diese ist noch nicht ganz hier. Versuch es, wenn sie angekommen ist.',
  'not-forwarded': () =>
    'Die Nachricht ließ sich nicht weiterleiten: Auf diesem Computer ist kein Platz für eine Kopie. Mach Platz, und versuch es noch einmal.',
  'cannot-render': () => 'Aus dieser Nachricht lässt sich keine Datei machen.',
  'no-message-key': () =>
    'Diese Nachricht ging nicht an diesen Computer und lässt sich hier nicht abspielen.',
  'call-unreachable': ({ name }) =>
    `${name} ist gerade nicht da. Sprich eine Nachricht: Sie wird später gehört.`,
  'call-too-old': ({ name }) =>
    `Das Corridor von ${name} ist zu alt für Anrufe. Sprich ${name} so an, bis es auf dem neuesten Stand ist.`,
  'call-cannot-transfer': ({ name }) =>
    `Das Corridor von ${name} ist zu alt zum Verbinden. Nenn ${name} die Durchwahl.`,
  'call-cannot-join': ({ name }) =>
    `Das Corridor von ${name} ist zu alt für Gespräche zu mehreren. Sprich mit ${name} allein, bis es auf dem neuesten Stand ist.`,
  'call-of-several': () =>
    'Ein Gespräch zu mehreren lässt sich nicht verbinden. Hol den Kollegen stattdessen dazu.',
  'call-is-full': ({ most }) => `In einem Gespräch können höchstens ${most} Personen sein.`,
  'pick-up-nobody': () =>
    'Von denen, die mit dir in einer Gruppe sind, ist niemand da; es gibt nichts anzunehmen.',
  'pick-up-nothing': () => 'Bei denen, die mit dir in einer Gruppe sind, klingelt nichts.',
  'call-cannot-record': ({ name }) =>
    `Das Corridor von ${name} ist zu alt, um zu sagen, dass du aufnimmst. Bis es auf dem neuesten Stand ist, wird nichts aufgenommen.`,
  'call-is-recorded': () => 'Du nimmst schon ein Gespräch auf. Beende erst diese Aufnahme.',
  'no-recording': () => 'Du nimmst kein Gespräch auf.',
  'call-not-recorded': () => 'Dieses Gespräch nimmst du nicht auf.',
  'call-is-held': () => 'Ein gehaltenes Gespräch wird nicht aufgenommen. Sprich erst weiter.',
  'recording-not-begun': (fault) => `Es wird nichts aufgenommen. ${aufnahmefehler(fault)}`,
  'recording-cut-short': (fault) =>
    `Die Aufnahme ist zu Ende; was davor war, ist gespeichert. ${aufnahmefehler(fault)}`,
  'recording-held': () => 'Das Gespräch wird gehalten, damit endete seine Aufnahme.',
  'recording-untold': ({ name }) =>
    `Der Computer von ${name} bestätigt nicht, dass ${name} von der Aufnahme weiß. Sie ist zu Ende.`,
  'transfer-to-same': () => 'Mit dir wird schon gesprochen: Wähle jemand anderen.',
  'no-call': () => 'Es ruft niemand mehr an.',
  'no-such-call': () => 'Diesen Anruf gibt es nicht.',
  'bad-call-key': () => 'Der Schlüssel dieses Anrufs öffnet hier nichts. Ruf noch einmal an.',
  'bad-message-key': () =>
    'Der Schlüssel dieser Nachricht öffnet hier nicht. Bitte um eine Wiederholung der Nachricht.',
  'bad-hpke-key': () =>
    'Der Schlüssel eines Empfängers ist unbrauchbar; für ihn lässt sich nichts versiegeln.',
  'bad-message-id': () => 'Die Kennung einer Nachricht ist nicht richtig gebildet.',
  'message-deleted': () => 'Diese Nachricht wurde auf diesem Computer gelöscht.',
  'deletion-not-saved': ({ wish }) =>
    (wish === 'delete'
      ? 'Die Nachricht ist noch da: Der Datenträger hat nicht angenommen, dass sie gelöscht ist.'
      : 'Die Nachricht bleibt gelöscht: Der Datenträger hat nicht angenommen, dass du das rückgängig machst.') +
    ' Mach Platz, oder sieh unter Einstellungen, Zustand nach, was ihm fehlt, und versuch es noch einmal.',
  'unknown-message': () => 'Diese Nachricht liegt nicht auf diesem Computer.',
  'wrong-manifest': () => 'Das Ende einer Nachricht passte nicht zu ihrem Anfang.',
  'no-microphone': () => MIKROFON,
  'no-speaker': () =>
    'Es gibt keinen Lautsprecher. Schließ einen an, oder wähle in den Einstellungen einen anderen.',
  'microphone-silent': () => 'Das Mikrofon antwortet nicht. Wähle in den Einstellungen ein anderes.',
  'no-encoder': () => 'Auf diesem Computer lässt sich Sprache nicht kodieren. Installier Corridor neu.',
  'device-missing': ({ kind, device }) => {
    const other = kind === 'microphone' ? 'ein anderes' : 'einen anderen';
    if (device !== null) {
      const it = kind === 'microphone' ? 'es' : 'ihn';
      return `${geraet(kind, device)} ist nicht da. Schließ ${it} an, oder wähle ${other}.`;
    }
    return kind === 'microphone'
      ? 'Dieser Computer hat kein Mikrofon. Schließ eines an.'
      : 'Dieser Computer hat keinen Lautsprecher. Schließ einen an.';
  },
  'device-not-opened': ({ kind, device, why }) => `${geraet(kind, device)} ließ sich nicht öffnen (${why}).`,
  'device-lost': ({ kind, device }) =>
    `${geraet(kind, device)} geht nicht mehr. Corridor versucht es weiter.`,
  'sound-unusable': ({ why }) => `Auf diesem Computer lässt sich kein Ton nutzen: ${why}.`,
  'sound-file-refused': ({ path, why }) => `Die Datei ${path} lässt sich nicht schreiben (${why}).`,
  'sound-starting': () => 'Der Tonteil von Corridor wird neu gestartet.',
  'sound-stopped': () =>
    'Der Tonteil von Corridor antwortet nicht. Er wird neu gestartet; versuch es noch einmal.',
  'sound-down': () =>
    'Gerade lässt sich nichts sagen: Der Tonteil von Corridor wird neu gestartet. Versuch es gleich noch einmal.',
  'sound-restarting': () =>
    'Der Tonteil von Corridor blieb stehen und wird neu gestartet. Nachrichten bleiben erhalten.',
  'sound-restarted': () =>
    'Der Tonteil von Corridor blieb stehen und wurde neu gestartet. Nichts ist verloren.',
  'call-echo-failed': ({ why }) =>
    `In Anrufen wird das Echo nicht unterdrückt, weil ein Teil von Corridor nicht geht (${why}). Mit Headset hört dein Gegenüber sich nicht selbst.`,
  'call-noise-failed': ({ why }) =>
    `In Anrufen werden Geräusche nicht unterdrückt, weil ein Teil von Corridor nicht geht (${why}).`,
  'media-open-failed': ({ where, why }) =>
    `Über ${where} lässt sich nichts senden und empfangen (${why}). Wähle eine andere Netzadresse.`,
  'media-not-started': () => 'Der Tonteil von Corridor startet nicht. Installier Corridor neu.',
  'no-network': () =>
    'Dieser Computer ist gerade in keinem Netz. Was du sagst, bleibt hier und erreicht deine Kollegen, wenn das Netz wieder da ist.',
  'network-unusable': () =>
    'Das Netz dieses Computers lässt sich noch nicht nutzen; Corridor versucht es von selbst wieder. Was du sagst, bleibt hier und erreicht deine Kollegen dann.',
  'no-multicast': ({ why }) =>
    `Kollegen werden in diesem Netz nicht von selbst gefunden (${why}). Gib die Adresse von einem ein, oder wähle eine andere Netzschnittstelle.`,
  'no-such-interface': ({ wanted, choices }) =>
    `Dieser Computer hat keine Netzschnittstelle ${wanted}. Er hat ${choices}.`,
  'interface-gone': ({ wanted, choices }) =>
    `Dieser Computer hat keine Netzschnittstelle ${wanted}. Er hat ${choices}. Corridor sucht sie weiter, und was du sagst, bleibt hier.`,
  'bad-address': ({ fault, given }) =>
    `${ADRESSE[fault](given)} Schreib sie als 192.168.1.20 oder kollegin.local:47021.`,
  'too-many-addresses': ({ most }) => `Nur ${most} Adressen werden behalten. Entfern erst eine.`,
  'control-address': ({ address, port }) =>
    `Corridor kann unter ${address}${port === null ? '' : `, Port ${port},`} nichts empfangen. Gehört die Adresse diesem Computer, und ist sie frei?`,
  'control-timeout': ({ place }) => `${place} hat nicht rechtzeitig geantwortet. Ist es im selben Netz?`,
  'control-lost': ({ place }) => `${place} hat die Verbindung abgebrochen.`,
  'own-address': ({ place }) =>
    `${place} ist dieser Computer selbst. Gib die Adresse vom Computer eines Kollegen ein.`,
  'wrong-node': ({ place }) => `Unter ${place} antwortet ein anderer Computer als der gesuchte.`,
  'wrong-office': ({ place }) =>
    `Der Computer unter ${place} gehört zu einem anderen Büro. Tritt mit dem Link bei, den deine Kollegen nutzen.`,
  unreachable: ({ place }) => `Unter ${place} antwortet nichts. Läuft Corridor dort?`,
  'not-corridor': ({ place }) =>
    `Was unter ${place} antwortet, ist nicht Corridor. Prüf die Adresse und den Port.`,
  'clock-wrong': ({ amount, unit, isAhead }) =>
    `Die Uhr dieses Computers geht gegenüber der des Büros ${amount} ${ZEIT[unit][amount === 1 ? 0 : 1]} ${isAhead ? 'vor' : 'nach'}.`,
  'no-common-protocol': ({ name, kind }) => {
    const whose = name === null ? 'eines Kollegen' : `von ${name}`;
    return kind === 'newer'
      ? `Auf dem Computer ${whose} läuft ein Corridor, das für dieses zu neu ist. Aktualisier Corridor hier.`
      : `Auf dem Computer ${whose} läuft ein Corridor, das für dieses zu alt ist. Es muss dort aktualisiert werden.`;
  },
  'identity-damaged': ({ path }) =>
    `Wer dieser Computer ist, lässt sich nicht lesen: ${path} ist beschädigt oder von einem neueren Corridor. ` +
    'Leg eine Kopie davon zurück, oder verschieb die Datei, um neu anzufangen; frühere Nachrichten lassen sich dann nicht mehr abspielen.',
  'office-damaged': ({ path }) =>
    `In welchem Büro dieser Computer ist, ließ sich nicht lesen; die Datei liegt jetzt als ${path}.damaged beiseite. ` +
    'Deine Nachrichten bleiben. Tritt mit dem Link eines Kollegen neu bei. Ist die Datei von einem neueren Corridor, installier dieses und leg sie zurück.',
  'damaged-settings': ({ path }) =>
    `Die Einstellungen waren beschädigt und liegen jetzt in ${path}.damaged. Corridor hat mit neuen angefangen; Nachrichten und Schlüssel bleiben.`,
  'settings-reset': ({ path, names }) =>
    `Einige Einstellungen waren beschädigt oder von einer anderen Version von Corridor und haben jetzt ihren Standardwert: ${names}. Die Datei, wie sie war, liegt in ${path}.damaged.`,
  'settings-newer': ({ path }) =>
    `Die Einstellungen hat ein neueres Corridor geschrieben. Was dieses davon kennt, gilt; die Datei, wie sie war, liegt in ${path}.damaged.`,
  'settings-changed': ({ path }) =>
    `Die Einstellungen hat ein anderes Programm geändert, oder sie waren beschädigt. Sie gelten, wie sie gefunden wurden: Sieh nach, ob sie stimmen. Die Datei liegt auch in ${path}.damaged.`,
  'settings-not-saved': (fault) =>
    `Das ließ sich nicht speichern, und nichts ist geändert. ${speicherfehler(fault)}`,
  'settings-unsaved': (fault) =>
    `Was du zuletzt gewählt hast, gilt, ließ sich aber noch nicht speichern; Corridor versucht es weiter. ${speicherfehler(fault)}`,
  'addresses-damaged': ({ path }) =>
    `Die gespeicherten Adressen waren beschädigt und liegen jetzt in ${path}.damaged. Gib Adressen neu ein, wenn niemand gefunden wird.`,
  'directory-damaged': ({ path }) =>
    `Die gespeicherte Liste der Personen war beschädigt und liegt jetzt in ${path}.damaged. Sie füllt sich wieder, sobald Kollegen gefunden werden.`,
  'file-damaged': ({ path }) =>
    `${path} war beschädigt und liegt jetzt als ${path}.damaged beiseite. Corridor macht ohne die Datei weiter.`,
  'file-newer': ({ path }) =>
    `${path} hat ein neueres Corridor geschrieben. Die Datei liegt jetzt als ${path}.newer beiseite, und Corridor macht ohne sie weiter. Um sie zurückzuhaben, installier jene Version wieder und benenn sie um.`,
  'index-remade': ({ path, isNewer }) =>
    `Ein Teil der Nachrichtenliste war ${isNewer ? 'von einem neueren Corridor' : 'beschädigt'}. Er liegt jetzt als ${path}.${isNewer ? 'newer' : 'damaged'} beiseite und wurde aus den Nachrichten neu gemacht. Gelöschte Nachrichten können wiederkommen.`,
  'store-disk-full': () => `Der Datenträger ist voll. Mach Platz. ${WAEHREND}`,
  'store-read-only': () => `In diesen Ordner dürfen keine Nachrichten geschrieben werden. ${WAEHREND}`,
  'store-io': ({ why }) => `Nachrichten lassen sich nicht schreiben (${why}). ${WAEHREND}`,
  'store-memory-full': () =>
    'Nachrichten lassen sich nicht schreiben, und der Arbeitsspeicher für sie ist voll. Mach Platz auf dem Datenträger.',
  'already-running': ({ profile }) =>
    `Corridor läuft schon mit dem Profil ${profile}. Nutz dieses, oder gib mit --profile einen anderen Ordner an.`,
  'socket-refused': ({ path, why }) =>
    why === null
      ? `${path} ist kein Ordner von dir allein, daher werden dort keine Befehle angenommen. Entfern ihn, oder wähle ein Profil mit kürzerem Pfad.`
      : `Unter ${path} lassen sich keine Befehle annehmen: ${why}.`,

  // ---- health
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
    `Dieser Computer vermittelt. ${standby === null ? 'Kein anderer könnte' : `Der von ${standby} würde`} es übernehmen.`,
  'health-switch-lost': ({ name }) =>
    `Der Computer von ${name} vermittelt, aber es gibt keine Verbindung zu ihm. Sprechen geht trotzdem; gespeicherte Nachrichten warten.`,
  'health-switch': ({ name, standby }) =>
    `Der Computer von ${name} vermittelt, und dieser ist mit ihm verbunden.${standby ? ' Dieser würde es übernehmen.' : ''}`,
  'health-colleagues': ({ isCompared }) =>
    isCompared
      ? 'Dieser Computer zeigt dieselben Kollegen online wie der, der vermittelt.'
      : 'Wer online ist, wird verglichen, sobald ein Computer vermittelt.',
  'health-colleagues-differ': ({ name, seconds }) =>
    `Seit ${seconds} Sekunden zeigt dieser Computer andere Kollegen online als der von ${name}, der vermittelt. Manche zeigt er vielleicht falsch an.`,
  'health-clock': ({ isCompared }) =>
    isCompared
      ? 'Die Uhr dieses Computers stimmt mit denen der Kollegen überein.'
      : 'Die Uhr dieses Computers wird verglichen, sobald genug Kollegen da sind.',
  'health-load': () => 'Kein Computer sendet mehr, als dieser annimmt.',
  'health-too-much': ({ name, count }) =>
    `Der Computer von ${name} sendet mehr, als dieser annimmt: ${count} Anfragen mussten warten oder entfielen.`,
  'health-voices': () => 'Niemand hat Worte in die Nachricht eines anderen eingefügt.',
  'health-forged': ({ name, count, sentBy }) =>
    `Jemand hat Worte in Nachrichten von ${name} eingefügt: ${count} Stücke waren nicht das, was ${name} gesagt hat, und wurden verworfen.${sentBy === null ? '' : ` Gesendet hat sie der Computer von ${sentBy}.`}`,
  'health-waiting': () => 'Nichts, was du gesagt hast, wartet auf jemanden, der seit Monaten weg ist.',
  'health-ending': ({ messages, names, day }) =>
    `${messages === 1 ? 'Eine Nachricht' : `${messages} Nachrichten`} von dir ${messages === 1 ? 'wartet' : 'warten'} auf ${names}; der Computer dort ist seit Monaten aus. Ab dem ${tag(day)} wartet nichts mehr.`,
  'health-copied': () =>
    'Alles, was du gesagt hast, liegt auf zwei weiteren Computern oder bei allen, für die es war.',
  'health-not-copied': ({ messages }) =>
    messages === 1
      ? 'Eine Nachricht von dir liegt weder auf zwei weiteren Computern noch bei allen, für die sie war.'
      : `${messages} Nachrichten von dir liegen weder auf zwei weiteren Computern noch bei allen, für die sie waren.`,
  'health-room': () => 'Die Computer, die an sind, haben Platz, um Nachrichten für Abwesende aufzuheben.',
  'health-full': ({ name, isSwitch, others, hasRoomElsewhere }) => {
    const who = `${name === null ? 'Dieser Computer' : `Der Computer von ${name}`}${isSwitch ? ', der vermittelt,' : ''}`;
    const more =
      others === 0 ? '' : `${others === 1 ? 'Ein weiterer hat' : `${others} weitere haben`} auch keinen. `;
    const rest = hasRoomElsewhere
      ? `${more}Bis dahin heben andere Computer sie auf.`
      : 'Auch kein anderer hat Platz: Was du ihnen sagst, liegt nur auf deinem Computer.';
    return `${who} hat keinen Platz mehr, um Nachrichten für Abwesende aufzuheben. ${rest}`;
  },
  'health-little-space': (details) =>
    `Wo die Nachrichten liegen, sind nur noch ${bytes(details.bytes)} frei.`,
  'health-storage': (details) =>
    `Nachrichten lassen sich speichern${details.bytes === null ? '' : `; ${bytes(details.bytes)} sind frei`}.`,
  'health-extension': ({ extension }) =>
    extension === null
      ? 'Deine Durchwahl wählst du, wenn du einem Büro beitrittst.'
      : `Die Durchwahl ${extension} erreicht dich.`,
  'health-ledger': ({ statements, most }) =>
    statements === null
      ? 'Die Liste der Mitglieder wird geprüft, sobald du in einem Büro bist.'
      : `Das Büro hat ${statements} Aussagen über seine Mitglieder aufgeschrieben. Bis ${most} sind schnell gelesen.`,
  'health-ledger-large': ({ statements, most }) =>
    `Das Büro hat ${statements} Aussagen über seine Mitglieder aufgeschrieben. Ab ${most} braucht jeder Computer länger, um sie zu lesen.`,
  'health-sound-program': () => 'Seit Corridor läuft, ist nichts Unvorhergesehenes geschehen.',
  'health-faults': ({ faults }) =>
    faults === 1
      ? 'Seit Corridor läuft, ist einmal etwas Unvorhergesehenes geschehen. Corridor hat weitergemacht.'
      : `Seit Corridor läuft, ist ${faults}-mal etwas Unvorhergesehenes geschehen. Corridor hat jedes Mal weitergemacht.`,
  'next-call-sound': () =>
    'Starte Corridor neu. Bleibt es so, nimm in Anrufen ein Headset, oder schalte es in den Einstellungen unter Ton aus.',
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
  'next-colleagues': () => 'Bleibt das so, dann starte Corridor auf diesem Computer neu.',
  'next-clock': () =>
    'Stell die Uhr, oder lass sie in den Einstellungen des Systems von selbst nach dem Netz stellen.',
  'next-load': ({ name }) => `Bleibt das so, dann starte Corridor auf dem Computer von ${name} neu.`,
  'next-forged': ({ sentBy }) =>
    sentBy === null
      ? 'Sag es einem Admin: Nur wer diese Nachrichten auch bekommen hat, konnte das tun.'
      : `Sag es einem Admin, und lass den Computer von ${sentBy} prüfen.`,
  'next-ending': ({ names }) => `Sag es ${names} auf anderem Weg, oder lass Corridor dort starten.`,
  'next-copies': ({ hasColleagues }) =>
    hasColleagues
      ? 'Lass diesen Computer an: Es wird kopiert, sobald der Computer eines weiteren Kollegen da ist.'
      : 'Lass diesen Computer an, bis der Computer eines Kollegen da ist: Dann wird von selbst kopiert.',
  'next-room': ({ name }) => `Bitte ${name}, auf dem Computer dort Platz zu machen.`,
  'next-storage': () =>
    'Mach Platz auf dem Datenträger, oder behalte weniger Nachrichten (Einstellungen, Speicher).',
  'next-ledger': ({ isAdmin }) =>
    isAdmin
      ? 'Gründe das Büro neu (Einstellungen, Büro): Schlüssel und Nachrichten bleiben.'
      : 'Bitte einen Admin, das Büro neu zu gründen: Schlüssel und Nachrichten bleiben.',
  'next-faults': () =>
    'Wenn etwas nicht geht, starte Corridor neu, und gib die Diagnose (Einstellungen, Zustand) dem, der hilft.',
  'words-empty': () => 'Da steht noch nichts. Schreib zuerst etwas.',
  'words-too-long': ({ most }) => `Der Text ist zu lang. Er darf höchstens ${most} Zeichen haben.`,
  'no-voice': ({ language }) =>
    `Auf diesem Computer spricht keine Stimme diese Sprache (${language}). Installiere eine, oder wähle eine andere Stimme.`,
  'engine-missing': ({ engine }) =>
    `${engine} ist auf diesem Computer nicht zu finden. Installiere es, oder wähle in den Einstellungen etwas anderes.`,
  'engine-failed': ({ engine, why }) =>
    why === null
      ? `${engine} hat mit einem Fehler aufgehört.`
      : `${engine} hat mit einem Fehler aufgehört (${why}).`,
  'engine-ended-early': ({ engine }) => `${engine} hat aufgehört, während noch jemand sprach.`,
  'engine-slow': ({ engine, seconds }) =>
    `${engine} war nach ${seconds} Sekunden nicht fertig und wurde beendet.`,
  'engine-too-much': ({ engine }) => `${engine} hat viel mehr ausgegeben als erwartet und wurde beendet.`,
  'engine-garbage': ({ engine }) => `Was ${engine} ausgegeben hat, ist nicht zu lesen.`,
  'command-empty': () => 'Der Befehl ist leer. Gib ein Programm mit seinen Argumenten an.',
  'command-quote': () =>
    'Im Befehl fehlt ein Anführungszeichen am Ende. Jedes, das anfängt, muss auch aufhören.',
  'model-unknown': ({ folder }) =>
    `Der Ordner ${folder} enthält kein Modell, das Corridor kennt. Wähle den Ordner, der aus einem Archiv von sherpa-onnx entstanden ist.`,
  'model-not-live': ({ folder }) =>
    `Das Modell in ${folder} hört nur Aufgenommenes. Untertitel brauchen eines, das für Streaming gemacht ist.`,
  'model-unreadable': ({ folder, why }) => `Der Ordner ${folder} ist nicht zu lesen (${why}).`,
  'model-damaged': ({ file, fault }) => `${MODELLFEHLER[fault](file)} Kopiere den Modellordner noch einmal.`,
  'library-missing': ({ library, folder }) =>
    `Für dieses Modell fehlt die Bibliothek ${library}. Installiere sie, zum Beispiel mit npm install --prefix "${folder}" ${library}.`,
};

function dialledBy(row: Phrases['code-collides']['row'], code: string): string {
  return phrases[row]({ part: 'pattern', code });
}
