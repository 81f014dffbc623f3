import assert from 'node:assert/strict';
import { test } from 'node:test';
import { guessLanguage } from './guess-language.ts';

/** What colleagues type, by language. */
const TYPED: Readonly<Record<string, readonly string[]>> = {
  en: ['The parcel is here, please come down.', 'Where are you?', 'Call me back when you can'],
  de: ['Das Paket ist da, bitte komm herunter.', 'Wo seid ihr?', 'Ich bin gleich zurück'],
  fr: ['Le colis est arrivé, descends s’il te plaît.', 'Vous êtes dans la salle ?', 'Je suis en réunion'],
  es: ['El paquete está aquí, baja por favor.', '¿Dónde está el jefe?', 'Estoy en una reunión'],
  it: ['Il pacco è arrivato, scendi per favore.', 'Dove sono gli altri?', 'Sono in riunione con il cliente'],
  nl: ['Het pakket is er, kom even naar beneden.', 'Waar ben je met de sleutel?', 'Ik heb geen tijd'],
  pl: ['Paczka już jest, zejdź na dół.', 'Gdzie jest klucz?', 'Proszę, przyjdź do mnie'],
  tr: ['Paket geldi, lütfen aşağı gel.', 'Anahtar nerede ve kim aldı?', 'Ben şimdi geliyorum'],
  pt: ['A encomenda já está aqui, desce por favor.', 'Você não vem para a reunião?'],
  sv: ['Paketet är här, kom ner nu.', 'Jag kommer inte till mötet'],
  cs: ['Balík už je tady, prosím pojď dolů.', 'Kde jsou klíče?'],
  fi: ['Paketti on täällä, tule alas.', 'Missä sinä olet nyt?'],
  hu: ['A csomag itt van, kérem jöjjön le.', 'Hol van most a kulcs?'],
  ru: ['Посылка пришла, спустись, пожалуйста.', 'Где вы?', 'Я на встрече, буду через минуту'],
  uk: ['Посилка прийшла, спустися, будь ласка.', 'Де ви є?', 'Я зараз прийду'],
  bg: ['Пратката е тук, моля слез долу.', 'Къде си сега?'],
  el: ['Το δέμα είναι εδώ, έλα κάτω.'],
  zh: ['包裹到了，请下来。'],
  ja: ['荷物が届きました。下りてきてください。'],
  ko: ['소포가 도착했어요. 내려와 주세요.'],
  he: ['החבילה כאן, רד בבקשה.'],
  ar: ['الطرد هنا، انزل من فضلك.'],
  fa: ['بسته اینجاست، لطفاً بیا پایین.'],
  hi: ['पार्सल आ गया है, कृपया नीचे आइए।'],
  th: ['พัสดุมาถึงแล้ว'],
};

for (const [language, texts] of Object.entries(TYPED)) {
  test(`${language} is known by what colleagues type`, () => {
    for (const text of texts) assert.equal(guessLanguage(text, 'xx'), language, text);
  });
}

test('where the text does not say its language it is that of the interface', () => {
  for (const text of ['', 'OK', '204', 'Ana', '👍', 'PDF', '12:30', 'https://example.org/de/the']) {
    assert.equal(guessLanguage(text, 'de'), 'de', text);
  }
});

test('the interface’s region stays where the language is the same', () => {
  assert.equal(guessLanguage('The parcel is here, please come down.', 'en-GB'), 'en-GB');
  assert.equal(guessLanguage('Das Paket ist da, bitte komm herunter.', 'en-GB'), 'de');
});

test('a name in other letters does not make the language', () => {
  assert.equal(guessLanguage('Please call Σπύρος or 田中 back, they are on the phone', 'de'), 'en');
});

test('a megabyte is guessed in a moment, because only its beginning is looked at', () => {
  assert.equal(guessLanguage('und das ist '.repeat(100_000), 'en'), 'de');
});
