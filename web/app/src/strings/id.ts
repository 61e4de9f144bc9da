/** Indonesian. People are addressed as "Anda"; to seal is "menyegel". */

import type { Alarm, Failure, SuiteName } from "@segel/client/state";
import type { DeviceProblem, ScreenProblem, Unsupported } from "@segel/media/state";
import { grammar } from "./grammar.js";
import type { Advice, Strings } from "./index.js";

const { plural, list } = grammar("id");

const deviceProblems: Record<DeviceProblem, Advice> = {
  denied: {
    title: "Browser Anda tidak diizinkan membagikannya",
    text: "Izinkan kamera dan mikrofon untuk halaman ini di samping alamat, lalu coba lagi. Anda juga bisa ikut tanpanya.",
  },
  none: {
    title: "Tidak ada perangkat yang ditemukan",
    text: "Sambungkan mikrofon atau kamera lalu coba lagi, atau ikut tanpanya.",
  },
  busy: {
    title: "Perangkat sedang dipakai program lain",
    text: "Tutup panggilan atau program kamera yang lain, lalu coba lagi.",
  },
  unplugged: {
    title: "Perangkat dicabut",
    text: "Jika ada yang lain, perangkat itu sekarang digunakan. Pilih di bagian Perangkat.",
  },
  insecure: {
    title: "Halaman ini tidak dibuka lewat https",
    text: "Browser hanya membagikan perangkat kepada halaman yang aman. Mintalah alamat https kepada pengelola server ini.",
  },
};

const screenProblems: Record<ScreenProblem, Advice> = {
  refused: {
    title: "Tidak ada yang dibagikan",
    text: "Pilihan ditutup, atau browser atau sistem tidak mengizinkannya. Tekan lagi untuk memilih; jika sistem menolak, izinkan perekaman layar di pengaturannya.",
  },
  busy: {
    title: "Layar tidak dapat diambil",
    text: "Sistem Anda tidak memberikannya. Tutup program lain yang merekam layar, atau pilih jendela, lalu coba lagi.",
  },
  unsupported: {
    title: "Peramban ini tidak dapat membagikan layar",
    text: "Peramban di ponsel tidak menyediakannya. Buka tautan di Chromium atau Firefox di komputer untuk berbagi dari sana.",
  },
};

const unsupported: Record<Unsupported, Advice> = {
  no_peer_connection: {
    title: "Browser ini tidak bisa melakukan panggilan",
    text: "Anda bisa ikut lewat obrolan. Untuk suara dan gambar, buka tautan ini di Chromium atau Firefox terbaru.",
  },
  no_encoded_transform: {
    title: "Browser ini tidak bisa menyegel suara dan gambar",
    text: "Segel tidak pernah mengirimnya tanpa segel, jadi Anda ikut lewat obrolan. Chromium atau Firefox terbaru bisa keduanya.",
  },
  insecure: {
    title: "Halaman ini tidak dibuka lewat https",
    text: "Tanpa https, browser tidak memberikan perangkat maupun kunci. Mintalah alamat https kepada pengelola server ini.",
  },
};

const alarms: Record<Alarm["kind"], Advice> = {
  forked: {
    title: "Server ini menunjukkan riwayat yang berbeda kepada orang yang berbeda",
    text: "Yang Anda lihat mungkin bukan yang dilihat orang lain. Keluarlah, dan sepakati lewat jalan lain sebuah server yang Anda percayai.",
  },
  dropped: {
    title: "Server ini menahan sesuatu",
    text: "Sebuah pesan atau perubahan kelompok tidak sampai. Tanyakan kepada yang lain lewat jalan lain apa yang Anda lewatkan.",
  },
  forgotten: {
    title: "Server ini kehilangan jejak rapat",
    text: "Masanya telah habis, atau server dikembalikan ke keadaan sebelumnya. Rapat berlanjut dalam kelompok baru; yang terakhir dikatakan mungkin tidak sampai kepada semua orang.",
  },
  "bad-commit": {
    title: "Sebuah perubahan kelompok tidak sah",
    text: "Segel berhenti mengikutinya, jadi tidak ada yang baru sampai di sini. Mulailah rapat baru bersama yang lain.",
  },
  "bad-message": {
    title: "Sebuah pesan tidak dapat dipercaya",
    text: "Pesan itu tidak ditampilkan. Seseorang salah mengirimnya, atau mencoba mengaku sebagai orang lain.",
  },
};

const failures: Record<Failure["kind"], Advice> = {
  "bad-link": { title: "Tautan ini tidak utuh", text: "Sebagian hilang atau berubah, atau tautan ini untuk Segel yang lebih baru. Mintalah lagi, dan salin seluruhnya." },
  "unknown-meeting": { title: "Rapat ini tidak ada di sini", text: "Mungkin sudah selesai, atau tautannya milik server lain. Mintalah tautan baru." },
  expired: { title: "Tautan ini tidak berlaku lagi", text: "Tautan ini dibuat untuk dipakai sampai hari tertentu, dan hari itu sudah lewat. Mintalah yang baru kepada orang yang memberikannya." },
  refused: { title: "Anda tidak diizinkan masuk", text: "Tuan rumah rapat ini menolak. Jika menurut Anda itu keliru, hubungi dia, lalu ketuk lagi." },
  banned: { title: "Anda tidak bisa kembali ke rapat ini", text: "Tuan rumah mengeluarkan Anda, dan memilih agar tetap begitu." },
  locked: { title: "Rapat ini dikunci", text: "Untuk saat ini tuan rumah tidak menerima orang baru. Coba lagi nanti, atau mintalah agar dibuka." },
  closed: { title: "Tautan ini tidak lagi membuka pintu", text: "Pembuatnya telah menariknya kembali, atau waktunya sudah habis. Mintalah tautan baru." },
  invitation: { title: "Server ini meminta undangan", text: "Pengelolanya menentukan siapa yang boleh memulai rapat. Undangan yang Anda berikan tidak utuh atau sudah terpakai: mintalah yang lain kepadanya." },
  "refused-commit": { title: "Rapat tidak dapat dilanjutkan dengan aman", text: "Sebuah perubahan kelompok tidak lolos pemeriksaan, jadi Segel berhenti mengikutinya." },
  server: { title: "Server tidak bisa melakukannya sekarang", text: "Server sendiri mengatakannya, atau tidak menjawab. Coba lagi sebentar lagi." },
  unsupported: { title: "Ada yang kurang pada browser ini", text: "Segel memerlukan Chromium atau Firefox terbaru, di luar jendela pribadi yang menghalangi penyimpanan." },
  internal: { title: "Terjadi kesalahan di dalam Segel", text: "Ini salah kami. Muat ulang halaman; sampai itu rapat berlanjut tanpa Anda." },
};

const suites: Record<SuiteName, Advice> = {
  hybrid: {
    title: "Hibrida pascakuantum",
    text: "Siapa pun yang merekam rapat ini hari ini tidak dapat membukanya, baik kelak dengan komputer kuantum maupun dengan komputer sekarang.",
  },
  classic: {
    title: "Klasik",
    text: "Tidak ada yang dapat membukanya dengan komputer sekarang. Komputer kuantum di masa depan mungkin bisa.",
  },
};

export const strings: Strings = {
  languages: {
    label: "Bahasa",
  },
  home: {
    title: "Rapat yang hanya bisa dibuka oleh pesertanya",
    text: "Mulai rapat, kirim tautannya. Suara, gambar, dan tulisan disegel di setiap browser; server ini meneruskan apa yang tidak bisa dibukanya.",
    start: "Mulai rapat",
    facts: ["Tanpa akun", "Tanpa pemasangan", "Disegel dari browser ke browser"],
    invitation: "Undangan",
    invitationHint: "Di server ini, pengelola menentukan siapa yang boleh memulai rapat.",
    invitationMissing: "Masukkan undangan yang Anda terima.",
  },
  door: {
    joinTitle: "Anda di depan pintu",
    joinText: "Sebelum masuk: inilah server yang membawa rapat ini.",
    startTitle: "Rapat baru Anda",
    startText: "Sebelum mulai: inilah server yang akan membawanya.",
    operator: "Pengelola",
    operatorSilent: "Pengelola server ini belum menyebutkan siapa dirinya.",
    location: "Mengaku di",
    locationSilent: "Belum disebutkan.",
    keeps: "Menyimpan",
    keepsSilent: "Belum disebutkan.",
    keepsUntil: "Berapa lama:",
    keepsCount: (count) => plural(count, { other: "# hal, untuk sementara" }),
    claim: "Siapa dan di mana adalah pernyataan pengelola sendiri. Segel tidak dapat memeriksanya.",
    contact: "Kontak",
    asking: "Menanyakan keterangan server…",
    gone: "Server tidak menjawab. Periksa sambungan Anda; halaman ini terus mencoba.",
    name: "Nama Anda",
    nameHint: "Dilihat orang lain. Tidak diperiksa siapa pun.",
    nameMissing: "Tulis nama, agar yang lain tahu siapa yang datang.",
    useDevices: "Pakai kamera dan mikrofon",
    previewOff: "Belum ada yang menyala",
    previewNoCamera: "Kamera mati",
    preview: "Gambar Anda, seperti yang akan dilihat orang lain",
    join: "Masuk",
    joinWithDevices: "Masuk dengan kamera dan mikrofon",
    startIt: "Mulai",
    startWithDevices: "Mulai dengan kamera dan mikrofon",
    quiet: "Masuk tanpa kamera dan mikrofon",
    textOnly: "Masuk lewat obrolan saja",
    tryAgain: "Coba lagi",
    busy: "Membuka…",
  },
  devices: {
    title: "Perangkat",
    microphone: "Mikrofon",
    camera: "Kamera",
    speaker: "Pengeras suara",
    standard: "Pilihan browser",
    unnamed: (kind, index) => `${kind} ${index + 1}`,
    problems: deviceProblems,
    screenProblems,
    unsupported,
    muteOn: "Matikan mikrofon",
    muteOff: "Nyalakan mikrofon",
    cameraOn: "Matikan kamera",
    cameraOff: "Nyalakan kamera",
  },
  waiting: {
    connecting: "Menyambungkan",
    connectingText: "Sebentar.",
    answer: "Seseorang akan membukakan pintu",
    answerText: "Browser Anda sudah mengetuk. Browser mereka memeriksa bahwa Anda punya tautannya lalu membuka; ini perlu waktu sebentar.",
    nobody: "Belum ada siapa-siapa",
    nobodyText: "Anda masuk dengan sendirinya begitu ada orang. Biarkan halaman ini terbuka.",
    cancel: "Berhenti menunggu",
  },
  meeting: {
    title: "Rapat",
    sealed: "Tersegel",
    alarm: "Bahaya",
    copyLink: "Salin tautan",
    copied: "Tersalin",
    copyRefused: "Salin dari bilah alamat",
    linkLabel: "Tautan ke rapat ini",
    aloneTitle: "Belum ada orang lain",
    aloneText: "Kirim tautan ini kepada yang harus datang. Tautan ini kunci pintunya: siapa yang memilikinya bisa mengetuk.",
    leave: "Keluar",
    chat: "Obrolan",
    chatUnread: (count) => `Obrolan, ${plural(count, { other: "# pesan belum dibaca" })}`,
    people: (count) => `Orang, ${count}`,
    devices: "Perangkat",
    share: "Bagikan layar",
    stopSharing: "Berhenti berbagi",
    screenOf: (name: string): string => `Layar ${name}`,
    stage: "Orang dalam rapat ini",
    controls: "Kendali",
    you: "Anda",
    muted: "Mikrofon mati",
    away: "Tidak terdengar sejak beberapa saat",
    tile: (name, facts) => [name, ...facts].join(", "),
    speaking: "sedang berbicara",
    close: "Tutup",
  },
  chat: {
    title: "Obrolan",
    empty: "Belum ada tulisan. Yang Anda tulis hanya bisa dibaca oleh orang dalam rapat ini.",
    placeholder: "Tulis pesan",
    send: "Kirim",
    save: "Simpan perubahan",
    actions: (name) => `Tindakan untuk pesan dari ${name}`,
    reply: "Balas",
    edit: "Ubah",
    remove: "Hapus",
    react: (sign) => `Tanggapi dengan ${sign}`,
    reacted: (sign, others, you) => `${sign} dari ${list(you ? [...others, "Anda"] : others)}`,
    replying: (name) => `Balasan untuk ${name}`,
    editing: "Mengubah pesan Anda",
    cancel: "Batal",
    edited: "diubah",
    deleted: "Pesan ini dihapus",
    gone: "Pesan yang tidak ada di sini",
    sending: "Mengirim",
    sent: "Terkirim",
    failed: "Tidak terkirim",
    today: "Hari ini",
    yesterday: "Kemarin",
    tooLong: "Ini terlalu panjang untuk satu pesan.",
  },
  people: {
    title: "Orang",
    text: "Daftar ini adalah daftar kunci: siapa yang ada di dalamnya dapat membuka rapat, dan tidak ada yang lain.",
    key: "Kunci",
  },
  seal: {
    title: "Segel rapat ini",
    text: "Yang diucapkan, ditunjukkan, dan ditulis di sini disegel di setiap browser dan baru dibuka di browser yang lain.",
    alarmLead: "Jangan percayai rapat ini apa adanya.",
    codeTitle: "Bandingkan kodenya",
    codeText: "Bacakan satu sama lain. Jika semua melihat angka yang sama, Anda berada di rapat yang sama dengan kunci yang sama, dan tidak ada yang menyusup di antaranya.",
    codeChanges: "Kode ini berubah setiap kali ada yang datang atau pergi.",
    codeMaking: "Menghitung kode…",
    people: (count) => plural(count, { other: "# orang ada di sini" }),
    peopleText: "Hanya orang dalam daftar yang memegang kunci.",
    suites,
    suiteUnknown: "Belum disepakati",
    relay: "Diteruskan oleh server ini",
    relayText: "Server meneruskan suara dan gambar tersegel yang tidak bisa dibukanya.",
    drops: (count) => (count === 0 ? "Tidak ada bingkai tersegel yang ditolak" : plural(count, { other: "# bingkai tersegel ditolak" })),
    dropsText: "Bingkai yang tidak terbuka dengan kunci pengirimnya tidak pernah ditampilkan. Beberapa di sekitar pergantian kunci itu wajar.",
    tierC: "Anda memakai browser biasa",
    tierCText: "Browser biasa memercayai kode dari server ini setiap kali memuat. Siapa pun yang menguasai server bisa mengirim kode yang diubah, khusus untuk Anda.",
    tierA: "Anda memakai Segel yang terpasang",
    tierAText: "Kodenya tidak datang dari server ini setiap kali memuat.",
    seesTitle: "Yang masih bisa dilihat server",
    sees: [
      "Alamat jaringan mereka yang tersambung",
      "Kapan mereka datang, berbicara, dan pergi",
      "Berapa banyak yang dikirim, dan ukurannya",
      "Bahwa sambungan ini milik satu rapat",
    ],
    alarms,
  },
  banner: {
    sharing: "Anda sedang membagikan layar.",
    sharingSound: "Anda sedang membagikan layar beserta suaranya.",
    away: "Sambungan terputus. Segel akan tersambung lagi dengan sendirinya; tulisan Anda tidak ada yang hilang.",
    media: "Suara dan gambar sedang disambungkan lagi. Sementara itu obrolan tetap berjalan.",
  },
  ended: {
    left: "Anda telah keluar dari rapat",
    leftText: "Yang lain mengganti kunci ketika Anda pergi. Yang mereka katakan sekarang tidak dapat dibuka browser Anda.",
    removed: "Anda dikeluarkan",
    removedText: "Seseorang dalam rapat, atau diam yang lama di pihak Anda, mengeluarkan Anda. Anda boleh mengetuk lagi.",
    kicked: "Tuan rumah mengeluarkan Anda dari rapat ini",
    kickedText: "Apa pun yang dibicarakan di sana sejak sekarang tidak dapat dibuka oleh browser Anda. Tautan ini tidak memasukkan Anda lagi.",
    endedForAll: "Rapat telah diakhiri untuk semua orang",
    endedForAllText: "Tuan rumah mengakhirinya. Rapat dapat dimulai lagi dengan tautan yang sama saat tuan rumah datang.",
    rejoin: "Ketuk lagi",
    again: "Coba lagi",
    home: "Ke halaman awal",
    notFound: {
      title: "Tidak ada apa-apa di sini",
      text: "Alamat ini tidak menuju ke mana pun di server ini. Jika ini tautan ke rapat, mintalah lagi, dan salin seluruhnya.",
    },
    failures,
  },
  stopped: {
    insecure: {
      title: "Halaman ini tidak dibuka lewat https",
      text: "Tanpa https, browser tidak memberikan perangkat maupun kunci. Mintalah alamat https kepada pengelola server ini.",
    },
    keys: {
      title: "Browser ini terlalu tua untuk Segel",
      text: "Browser ini tidak bisa membuat tanda tangan yang mencegah pemalsuan pesan. Perbaruilah, atau buka alamat ini di Chromium atau Firefox terbaru.",
    },
    outdated: {
      title: "Halaman ini lebih tua daripada servernya",
      text: "Keduanya tidak lagi saling memahami. Muat versi baru untuk melanjutkan.",
    },
    renew: "Muat versi baru",
    ready: "Ada versi baru Segel.",
    others: "Versi baru datang setelah jendela Segel yang lain ditutup.",
  },
  announce: {
    joined: (name) => `${name} masuk`,
    left: (name) => `${name} keluar`,
    message: (name, text) => `${name} menulis: ${text}`,
    deleted: (name) => `${name} menghapus sebuah pesan`,
    away: "Sambungan terputus, sedang disambungkan lagi",
    back: "Tersambung lagi",
  },
};
