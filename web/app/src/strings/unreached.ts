/** What is said when the words themselves did not come: the only texts that are loaded in all languages. */

import type { Language } from "./index.js";

interface Unreached {
  readonly title: string;
  readonly text: string;
  readonly again: string;
}

export const unreached: Readonly<Record<Language, Unreached>> = {
  en: { title: "The server does not answer", text: "A part of this page did not arrive. Check your connection.", again: "Try again" },
  id: { title: "Server tidak menjawab", text: "Sebagian halaman ini tidak sampai. Periksa sambungan Anda.", again: "Coba lagi" },
  vi: { title: "Máy chủ không trả lời", text: "Một phần của trang này chưa đến nơi. Hãy kiểm tra kết nối của bạn.", again: "Thử lại" },
  de: { title: "Der Server antwortet nicht", text: "Ein Teil dieser Seite ist nicht angekommen. Prüfen Sie Ihre Verbindung.", again: "Noch einmal versuchen" },
  "zh-Hant": { title: "伺服器沒有回應", text: "此頁面有一部分沒有送達。請檢查網路連線。", again: "再試一次" },
};
