/** The emoji that people react with most; any other can be typed into a message. */

export const QUICK = ["👍", "❤️", "😂", "🎉", "😮", "😢"] as const;

interface Group {
  readonly title: string;
  readonly emoji: readonly string[];
}

export const GROUPS: readonly Group[] = [
  {
    title: "Faces",
    emoji: "😀 😄 😁 😅 😂 🙂 😉 😊 😍 😘 😎 🤔 🤨 😐 🙄 😴 😮 😢 😭 😡 🤯 🥳 🤗 🤷".split(" "),
  },
  {
    title: "Hands and hearts",
    emoji: "👍 👎 👏 🙌 🙏 👋 👌 ✌️ 🤞 💪 🤝 👀 ❤️ 🧡 💛 💚 💙 💔".split(" "),
  },
  {
    title: "Things",
    emoji: "✅ ❌ ❓ ❗ 💯 🔥 ✨ ⭐ 🎉 🎂 🎁 🚀 ☕ 🍺 🍕 🌱 ☀️ 🌧️ 🐛 🔧 💡 📌 📅 🏆".split(" "),
  },
];
