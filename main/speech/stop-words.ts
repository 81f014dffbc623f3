/**
 * Frequent words of languages that are written in Latin or Cyrillic letters: articles, pronouns, prepositions, and what colleagues write.
 * Words that two of the languages share stay in both, and decide nothing between them.
 */
export const STOP_WORDS: Readonly<Record<string, string>> = {
  en: `the of and to in is you that it for was on are with they be at this have from or by not but what all were we when your can there an which
    do how if will up about out then them would my please coming where who our here just yes thanks hello need meeting call back minutes`,
  de: `der die das und ist nicht zu den mit sich des auf für im dem ein eine einen einer als auch es an werden aus er hat dass sie nach wird bei noch
    wie um am sind ich wir ihr du mir mich bitte komm kommt haben kann wo wer hier ja danke hallo heute gleich gerade oder aber zum zur vom`,
  fr: `le la les de des du et est un une en que qui dans pour pas vous je il elle nous sur au aux avec ce cette se sont par plus ne mais ou où leur
    tout être été avoir mon ma mes votre notre merci bonjour oui ici arrive suis peux avez`,
  es: `el la los las de del y que en un una es por con no para se su al lo como más pero sus le ya o este sí porque esta entre cuando muy sin sobre
    me hay donde quien desde todo nos gracias hola aquí está estoy puede tiene soy voy usted`,
  it: `il lo la gli le di del della dei e che è un una in per non con sono si da come anche più ma al alla nel ho ha mi ti ci questo questa dove chi
    quando perché grazie ciao sì qui sto arrivo puoi hai io lei noi siamo`,
  nl: `de het een en van ik te dat die in is niet op aan met als voor er zijn maar om hem dan zou wat mijn ook heb je dit hier naar bij nog wel
    geen deze kan worden waar wie wij jullie bedankt hallo ja kom even graag uit`,
  pl: `i w na z się nie do to że jest o jak ale po co tak za od już tylko przez dla jego jej ich być czy może gdzie kto ja ty my wy mnie ciebie
    proszę dziękuję cześć tutaj teraz jestem mam masz pan pani przy`,
  pt: `o a os as de do da dos das e que em um uma é por com não para se no na ao mais como mas foi ele ela seu sua ou quando muito já eu também
    só pelo pela até isso você obrigado olá aqui está estou onde quem tem vou`,
  sv: `och i att det som en på är av för med den till inte har de om ett han men var jag du vi ni här nu när kan ska från så eller tack hej var
    vem mig dig oss kommer finns`,
  da: `og i at det er en til på som de med af for den ikke der et har om var jeg du vi hvad her nu når kan skal fra så eller tak hej hvor hvem
    mig dig os kommer være blev`,
  nb: `og i å det er en til på som de med av for den ikke der et har om var jeg du vi hva her nå når kan skal fra så eller takk hei hvor hvem
    meg deg oss kommer være ble`,
  fi: `ja on ei se että oli hän en mutta ovat kun niin myös sen jos mitä missä kuka minä sinä me te tämä nyt tulen kiitos hei kyllä voi ole olen
    sitten vai tai ole siellä täällä`,
  cs: `a v se na je že to s z do o i ve jsem si by ale jako za po jeho pro tak co jen už když nebo být kde kdo já ty my vy mě prosím děkuji ahoj
    tady teď jsou není mám máte`,
  hu: `a az és hogy nem is egy ez van de meg csak már ha mint azt én te mi ti ki hol mikor itt most kérem köszönöm szia igen vagyok vagy lesz
    jövök nekem`,
  ro: `și în de la a cu pe nu că este un o mai se din pentru care sunt ce dar să am ai are unde cine eu tu noi voi vă rog mulțumesc bună aici
    acum vin`,
  tr: `ve bir bu da de için ne ile o çok ben sen biz siz gibi daha var yok mi mı mu değil ama kadar olan olarak nerede kim evet hayır lütfen
    teşekkürler merhaba burada şimdi geliyorum beni bana`,
  id: `yang dan di itu dengan untuk tidak ini dari dalam akan pada juga saya ke karena ada mereka kita kami anda bisa sudah apa siapa mana
    terima kasih halo sini sekarang tolong`,
  vi: `và của là có không được cho một những trong này với các đã tôi bạn anh chị ở đâu ai gì khi rồi cảm ơn xin chào đang sẽ đến`,
  ru: `и в не на я что он с как это по но из у за вы так же от мы бы то вот еще ещё где кто когда мне меня тебя вас нас есть нет да пожалуйста
    спасибо привет здесь сейчас иду уже очень через
    буду будет можно нужно минуту если или только мой моя`,
  uk: `і в не на я що він з як це по але із у за ви так же від ми би то ось ще де хто коли мені мене тебе вас нас є немає та будь ласка дякую
    привіт тут зараз йду вже дуже й чи
    через буду буде можна треба якщо або тільки мій моя`,
  bg: `и в не на аз че той с как това по но от у за вие така ние би то ето още къде кой кога ми ме те ви ни има няма да моля благодаря здравей
    тук сега ще е са се съм`,
};
