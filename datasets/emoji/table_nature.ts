/**
 * The curated table of kinds, first half: animals, plants, food, the sky.
 *
 * A row is the emoji, the colour it has in every style (`-` when it has many),
 * and the nouns a caption may use, the usual one first. A plural that the rules
 * of `words.ts` get wrong follows its noun after a slash. `kinds.ts` reads this.
 */

/** The rows of category `animal`. */
export const ANIMALS = `
🐵 brown  monkey
🐶 -      dog | puppy
🐺 gray   wolf/wolves
🦊 orange fox
🦝 gray   raccoon
🐱 orange cat | kitten
🦁 -      lion
🐯 orange tiger
🐴 -      horse
🦄 -      unicorn
🦓 -      zebra
🦌 brown  deer/deer | stag
🐮 -      cow
🐷 pink   pig | piglet
🐑 white  sheep/sheep | lamb
🐐 -      goat
🐪 -      camel
🦙 -      llama
🦒 -      giraffe
🐘 gray   elephant
🦏 gray   rhinoceros | rhino
🦛 -      hippopotamus | hippo
🐭 -      mouse/mice
🐹 -      hamster
🐰 white  rabbit | bunny
🐿️ brown  squirrel | chipmunk
🦔 -      hedgehog
🦇 brown  bat
🐻 brown  bear
🐨 gray   koala
🐼 -      panda
🦥 -      sloth
🦘 brown  kangaroo
🐔 white  chicken | hen
🐓 -      rooster
🐥 yellow chick | baby chick
🐦 -      bird
🐧 -      penguin
🕊️ white  dove
🦅 brown  eagle
🦆 -      duck
🦢 white  swan
🦉 -      owl
🦩 pink   flamingo
🦚 -      peacock
🦜 -      parrot
🐸 green  frog
🐊 green  crocodile | alligator
🐢 green  turtle | tortoise
🐍 green  snake
🐲 green  dragon
🦕 green  long-necked dinosaur | sauropod
🦖 green  t-rex | tyrannosaurus
🐳 blue   whale
🐬 blue   dolphin
🐟 blue   fish/fish
🐠 -      tropical fish/tropical fish
🐡 -      pufferfish/pufferfish | blowfish/blowfish
🦈 gray   shark
🐙 -      octopus
🐚 -      seashell | shell
🪼 blue   jellyfish/jellyfish
🦀 red    crab
🦞 red    lobster
🐌 -      snail
🦋 -      butterfly
🐛 green  caterpillar
🐜 -      ant
🐝 -      bee | honeybee
🐞 red    ladybug | ladybird
🕷️ black  spider
🦂 -      scorpion
`;

/** The rows of category `plant`. */
export const PLANTS = `
💐 -      bouquet | bunch of flowers
🌸 pink   cherry blossom
🪷 -      lotus flower | water lily
🌹 red    rose
🌻 -      sunflower
🌼 -      daisy | marigold
🌷 pink   tulip
🌱 -      seedling | sprout
🪴 -      potted plant | houseplant
🌲 green  pine tree | fir tree | evergreen tree
🌳 green  tree | leafy tree
🌴 -      palm tree | palm
🌵 green  cactus/cacti
🍀 green  four-leaf clover | clover
🍁 red    maple leaf/maple leaves | autumn leaf/autumn leaves
🍄 -      mushroom | toadstool
🎄 green  christmas tree
🪨 gray   rock | boulder
`;

/** The rows of category `food`. */
export const FOOD = `
🍇 purple bunch of grapes
🍉 -      slice of watermelon | watermelon slice | watermelon
🍊 orange tangerine | mandarin
🍋 yellow lemon
🍌 yellow banana
🍍 -      pineapple
🍎 red    apple
🍏 green  green apple
🍐 -      pear
🍑 -      peach
🍒 red    pair of cherries
🍓 red    strawberry
🫐 -      bunch of blueberries
🥝 green  kiwi | kiwi fruit/kiwi fruits
🍅 red    tomato/tomatoes
🥑 green  avocado
🍆 purple eggplant | aubergine
🥔 -      potato/potatoes
🥕 orange carrot
🌽 -      ear of corn | corn cob
🌶️ red    chili pepper | hot pepper
🫑 green  bell pepper
🥒 green  cucumber
🥦 green  head of broccoli
🧅 -      onion
🍞 -      loaf of bread/loaves of bread
🥐 -      croissant
🥖 -      baguette
🥨 -      pretzel
🥞 -      stack of pancakes
🧇 -      waffle
🧀 yellow wedge of cheese | piece of cheese
🍗 -      chicken leg | drumstick
🥩 -      steak
🍔 -      hamburger | burger | cheeseburger
🍟 -      box of french fries | portion of fries
🍕 -      pizza | slice of pizza | pizza slice
🌭 -      hot dog
🌮 -      taco
🥚 -      egg
🍳 -      frying pan | pan with a fried egg
🍿 -      box of popcorn | bucket of popcorn
🍜 -      bowl of noodles | bowl of ramen
🍝 -      plate of spaghetti | plate of pasta
🍣 -      piece of sushi
🍦 -      ice cream cone | ice cream
🍩 -      doughnut | donut
🍪 brown  cookie | biscuit
🎂 -      birthday cake
🍰 -      slice of cake | piece of cake
🧁 -      cupcake | muffin
🥧 -      pie
🍫 brown  chocolate bar | bar of chocolate
🍬 -      candy | sweet
🍭 -      lollipop
🍯 -      pot of honey | honey pot
🥛 white  glass of milk
☕ -      cup of coffee | hot drink
🫖 red    teapot
🍷 -      glass of wine | wine glass
🍸 -      cocktail | martini
🍺 -      mug of beer | beer mug
🥤 -      cup with a straw | soft drink
🧋 -      bubble tea | boba tea
🧊 blue   ice cube
`;

/** The rows of category `sky`. */
export const SKY = `
🌍 -      globe | planet earth
🌋 -      volcano/volcanoes
⛰️ -      mountain
🏝️ -      desert island | island
🌙 yellow crescent moon | moon
🌕 yellow full moon
☀️ yellow sun
🪐 -      ringed planet | planet with a ring
⭐ yellow star
☁️ white  cloud
🌧️ -      rain cloud | rainy cloud
⛈️ -      storm cloud | thundercloud
🌪️ gray   tornado/tornadoes | whirlwind
🌈 -      rainbow
⚡ -      lightning bolt | bolt of lightning
❄️ blue   snowflake
⛄ white  snowman/snowmen
☄️ -      comet
🔥 -      fire | flame
💧 blue   drop of water | water drop
🌊 blue   wave | ocean wave
`;
