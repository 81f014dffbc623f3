const FIRST =
  'Dana Bo Mei-Lin Samir Ingrid Tomasz Aisha Noah Zoë Rafael Yuki Olena Patrick Fatima Lars Chiara Emeka Hannah Viktor Leila Oscar Priya Jonas Carmen'.split(
    ' ',
  );
const LAST =
  'Ruiz Keller Tanaka Haddad Nyström Kowalski Bello Fischer Dubois Moreau Sato Shevchenko O’Connor Rahman Jensen Romano Okafor Weiß Petrov Amiri Lindqvist Sharma Berg Ortega Chandrasekharan-Østergaard'.split(
    ' ',
  );

/** The n-th name of an office; the first 600 are all different. */
export function colleagueName(n: number): string {
  const first = n % FIRST.length;
  return `${FIRST[first]} ${LAST[(first * 7 + Math.floor(n / FIRST.length)) % LAST.length]}`;
}
