/**
 * The curated table of kinds, first half: animals, plants, food, the sky.
 *
 * A row is the emoji, its colour, and the nouns a caption may use, the usual one
 * first. The colour is one that it has in every style and that captions may say;
 * `~orange` is one it only comes near, so that it is kept off backgrounds like
 * it; `-` when it has many. A plural that the rules of `words.ts` get wrong
 * follows its noun after a slash. `kinds.ts` reads this.
 */

/** The rows of category `animal`. */
export const ANIMALS = `
🐵 brown   monkey
🐶 -       dog | puppy
🐺 gray    wolf/wolves
🦊 orange  fox
🦝 gray    raccoon
🐱 orange  cat | kitten
🦁 -       lion
🐯 orange  tiger
🐴 -       horse
🦄 -       unicorn
🦓 -       zebra
🦌 ~orange deer/deer | stag
🐮 ~pink   cow
🐷 pink    pig | piglet
🐑 ~white  sheep/sheep | lamb
🐐 ~orange goat
🐪 ~orange camel
🦙 ~white  llama
🦒 ~orange giraffe
🐘 gray    elephant
🦏 gray    rhinoceros | rhino
🦛 ~gray   hippopotamus | hippo
🐭 -       mouse/mice
🐹 ~orange hamster
🐰 ~white  rabbit | bunny
🐿️ ~orange squirrel | chipmunk
🦔 ~brown  hedgehog
🦇 brown   bat
🐻 brown   bear
🐨 gray    koala
🐼 ~white  panda
🦥 ~brown  sloth
🦘 ~orange kangaroo
🐔 white   chicken | hen
🐓 -       rooster
🐥 yellow  chick | baby chick
🐦 red     bird
🐧 -       penguin
🕊️ white   dove
🦅 ~brown  eagle
🦆 -       duck
🦢 white   swan
🦉 -       owl
🦩 pink    flamingo
🦚 -       peacock
🦜 -       parrot
🐸 green   frog
🐊 green   crocodile | alligator
🐢 green   turtle | tortoise
🐍 green   snake
🐲 green   dragon
🦕 green   long-necked dinosaur | sauropod
🦖 green   t-rex | tyrannosaurus
🐳 blue    whale
🐬 blue    dolphin
🐟 blue    fish/fish
🐠 -       tropical fish/tropical fish
🐡 ~orange pufferfish/pufferfish | blowfish/blowfish
🦈 gray    shark
🐙 ~red    octopus
🐚 -       seashell | shell
🪼 blue    jellyfish/jellyfish
🦀 red     crab
🦞 red     lobster
🐌 ~brown  snail
🦋 -       butterfly
🐛 green   caterpillar
🐜 ~black  ant
🐝 -       bee | honeybee
🐞 red     ladybug | ladybird
🕷️ ~black  spider
🦂 -       scorpion
`;

/** The rows of category `plant`. */
export const PLANTS = `
💐 -       bouquet | bunch of flowers
🌸 pink    cherry blossom
🪷 -       lotus flower | water lily
🌹 red     rose
🌻 -       sunflower
🌼 ~white  daisy | marigold
🌷 pink    tulip
🌱 -       seedling | sprout
🪴 -       potted plant | houseplant
🌲 green   pine tree | fir tree | evergreen tree
🌳 green   tree | leafy tree
🌴 -       palm tree | palm
🌵 green   cactus/cacti
🍀 green   four-leaf clover | clover
🍁 red     maple leaf/maple leaves | autumn leaf/autumn leaves
🍄 -       mushroom | toadstool
🎄 green   christmas tree
🪨 gray    rock | boulder
`;

/** The rows of category `food`. */
export const FOOD = `
🍇 purple  bunch of grapes
🍉 -       slice of watermelon | watermelon slice | watermelon
🍊 orange  tangerine | mandarin
🍋 yellow  lemon
🍌 yellow  banana
🍍 ~orange pineapple
🍎 red     apple
🍏 green   green apple
🍐 green   pear
🍑 ~pink   peach
🍒 red     pair of cherries
🍓 red     strawberry
🫐 ~purple bunch of blueberries
🥝 green   kiwi | kiwi fruit/kiwi fruits
🍅 red     tomato/tomatoes
🥑 green   avocado
🍆 purple  eggplant | aubergine
🥔 ~orange potato/potatoes
🥕 orange  carrot
🌽 -       ear of corn | corn cob
🌶️ red     chili pepper | hot pepper
🫑 green   bell pepper
🥒 green   cucumber
🥦 green   head of broccoli
🧅 ~orange onion
🍞 ~orange loaf of bread/loaves of bread
🥐 ~orange croissant
🥖 ~orange baguette
🥨 ~orange pretzel
🥞 ~orange stack of pancakes
🧇 ~orange waffle
🧀 yellow  wedge of cheese | piece of cheese
🍗 ~red    chicken leg | drumstick
🥩 -       steak
🍔 -       hamburger | burger | cheeseburger
🍟 -       box of french fries | portion of fries
🍕 ~orange pizza | slice of pizza | pizza slice
🌭 ~orange hot dog
🌮 ~orange taco
🥚 ~orange egg
🍳 ~black  frying pan | pan with a fried egg
🍿 -       box of popcorn | bucket of popcorn
🍜 ~red    bowl of noodles | bowl of ramen
🍝 -       plate of spaghetti | plate of pasta
🍣 -       piece of sushi
🍦 ~orange ice cream cone | ice cream
🍩 ~brown  doughnut | donut
🍪 ~orange cookie | biscuit
🎂 ~orange birthday cake
🍰 ~orange slice of cake | piece of cake
🧁 -       cupcake | muffin
🥧 ~orange pie
🍫 brown   chocolate bar | bar of chocolate
🍬 ~red    candy | sweet
🍭 -       lollipop
🍯 ~brown  pot of honey | honey pot
🥛 white   glass of milk
☕ -       cup of coffee | hot drink
🫖 red     teapot
🍷 -       glass of wine | wine glass
🍸 ~white  cocktail | martini
🍺 ~yellow mug of beer | beer mug
🥤 ~white  cup with a straw | soft drink
🧋 ~orange bubble tea | boba tea
🧊 blue    ice cube
`;

/** The rows of category `sky`. */
export const SKY = `
🌍 -       globe | planet earth
🌋 -       volcano/volcanoes
⛰️ ~brown  mountain
🏝️ -       desert island | island
🌙 yellow  crescent moon | moon
🌕 yellow  full moon
☀️ yellow  sun
🪐 ~orange ringed planet | planet with a ring
⭐ yellow  star
☁️ white   cloud
🌧️ ~white  rain cloud | rainy cloud
⛈️ ~black  storm cloud | thundercloud
🌪️ gray    tornado/tornadoes | whirlwind
🌈 -       rainbow
⚡ ~orange lightning bolt | bolt of lightning
❄️ blue    snowflake
⛄ white   snowman/snowmen
☄️ ~white  comet
🔥 ~orange fire | flame
💧 blue    drop of water | water drop
🌊 blue    wave | ocean wave
`;
