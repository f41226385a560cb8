/**
 * The curated table of kinds, second half: people, travel, activities, things.
 * The rows read as in `table_nature.ts`.
 */

/** The rows of category `person`. */
export const PEOPLE = `
😀 yellow  smiling face | happy face
😂 yellow  face with tears of joy | laughing face
😉 yellow  winking face
😍 yellow  face with heart eyes | heart-eyed face
🤩 yellow  face with star eyes | star-eyed face
😘 yellow  kissing face
😛 yellow  face with its tongue out
🤔 yellow  thinking face
😴 yellow  sleeping face
😷 -       face with a mask | masked face
🤢 green   nauseated face | queasy face
🥶 blue    freezing face | cold face
🤠 -       cowboy
🥳 ~orange partying face | party face
😎 yellow  face with sunglasses | cool face
🤓 yellow  face with glasses | nerdy face
☹️ yellow  sad face | frowning face
😮 yellow  surprised face | astonished face
😢 yellow  crying face
😱 -       screaming face | scared face
😡 red     angry face | furious face
😈 purple  devil | smiling devil
💀 white   skull
🤡 -       clown
👻 white   ghost
👽 green   alien
🤖 -       robot
👶 ~orange baby
👦 ~orange boy
👧 ~orange girl
👨 ~orange man/men
👩 ~orange woman/women
👴 ~orange old man/old men | grandfather
👵 -       old woman/old women | grandmother
👮 -       police officer | policeman/policemen
💂 -       royal guard | guard
🥷 ~black  ninja
👷 ~orange construction worker | builder
🤴 -       prince
👸 -       princess
🎅 -       santa claus | santa
🧙 -       wizard | mage
🧚 -       fairy
🧛 -       vampire
🧜 -       mermaid
🧟 -       zombie
💃 -       dancer | dancing woman/dancing women
🧑‍🚀 -       astronaut
🧑‍🍳 -       chef | cook
🧑‍🚒 -       firefighter
👋 ~orange waving hand
👍 ~orange thumbs-up/thumbs-ups | raised thumb
✌️ ~orange victory hand | hand making a peace sign/hands making a peace sign
💪 ~orange flexed arm | flexed biceps/flexed biceps
👀 ~white  pair of eyes
👂 ~orange ear
👄 red     mouth | pair of lips
🧠 pink    brain
`;

/** The rows of category `travel`. */
export const TRAVEL = `
🏠 -       house | home
🏭 ~gray   factory
🏰 ~gray   castle
🗼 ~red    tower
🗽 green   statue of liberty
⛪ -       church
⛲ ~gray   fountain
⛺ green   tent
🎡 -       ferris wheel
🎪 -       circus tent
🚂 -       steam train | locomotive
🚆 -       train
🚌 -       bus
🚑 -       ambulance
🚒 red     fire engine | fire truck
🚓 -       police car
🚕 yellow  taxi | cab
🚗 red     car | automobile
🚚 ~orange delivery truck | lorry
🚜 green   tractor
🏎️ -       racing car | race car
🏍️ -       motorcycle | motorbike
🛵 ~red    motor scooter | moped
🚲 -       bicycle | bike
🛹 ~black  skateboard
🛼 -       roller skate
⛽ ~red    fuel pump | gas pump
🚦 black   traffic light
🛑 red     stop sign
⚓ blue    anchor
🛟 -       lifebuoy | life ring
⛵ -       sailboat | sailing boat
🚤 -       speedboat
🚢 -       ship
✈️ -       airplane | plane
🪂 -       parachute
🚁 ~orange helicopter
🚀 -       rocket | spaceship
🛸 -       flying saucer | ufo
🧳 blue    suitcase
`;

/** The rows of category `activity`. */
export const ACTIVITIES = `
🎃 orange  halloween pumpkin | jack-o'-lantern | pumpkin
🎈 red     balloon
🎀 red     ribbon | bow
🎁 -       gift | present | gift box
🏆 ~orange trophy
🏅 -       medal
⚽ -       soccer ball | football
⚾ white   baseball
🏀 orange  basketball
🏈 ~brown  american football
🎾 -       tennis racket
🏓 ~red    ping pong paddle | table tennis bat
🥊 red     boxing glove
🛷 ~orange sled | sledge
🎯 -       dartboard | target
🪀 ~purple yo-yo
🪁 -       kite
🎱 ~black  billiard ball | pool ball
🔮 ~black  crystal ball
🪄 -       magic wand
🎮 -       game controller | gamepad
🎲 white   die/dice
🧩 green   puzzle piece | jigsaw piece
🧸 ~orange teddy bear
🪆 -       nesting doll | russian doll
♟️ black   chess pawn | pawn
🎨 ~white  paint palette | artist's palette
🧶 blue    ball of yarn | ball of wool
🎷 ~orange saxophone
🎺 yellow  trumpet
🎸 -       guitar
🎻 ~brown  violin | fiddle
🥁 ~white  drum
`;

/** The rows of category `thing`. */
export const THINGS = `
👓 -       pair of glasses | pair of eyeglasses
🕶️ ~black  pair of sunglasses
👔 -       shirt with a tie/shirts with ties
👕 green   t-shirt
👖 blue    pair of jeans | pair of trousers
🧣 red     scarf/scarves
🧤 purple  pair of gloves
🧦 -       pair of socks
👗 blue    dress
👜 -       handbag | purse
🎒 red     backpack | rucksack
👟 -       sneaker | running shoe
👠 -       high heel | high-heeled shoe
👢 ~red    boot
👑 ~orange crown
🎩 black   top hat
🎓 black   graduation cap
🧢 blue    baseball cap | cap
💄 -       lipstick
💍 ~white  ring | diamond ring
💎 blue    gem | gemstone
📣 yellow  megaphone
🔔 yellow  bell
🎵 black   musical note | music note
🎤 -       microphone
🎧 ~white  pair of headphones
📱 -       phone | smartphone | mobile phone
☎️ red     telephone
💻 -       laptop
🖥️ -       computer | desktop computer
📺 -       television | tv
📷 -       camera
🔍 -       magnifying glass
🕯️ ~white  candle
💡 yellow  light bulb
🏮 -       paper lantern | lantern
📕 red     book
📖 ~white  open book
💰 ~orange bag of money | money bag
✉️ white   envelope | letter
📦 brown   cardboard box | parcel | package
✏️ ~orange pencil
🖌️ -       paintbrush
✂️ ~red    pair of scissors
🔒 yellow  padlock | lock
🔑 yellow  key
🔨 -       hammer
🪓 -       axe
⚔️ -       pair of crossed swords
💣 ~black  bomb
🛡️ blue    shield
🔧 gray    wrench | spanner
⚙️ gray    gear | cog
🧲 red     magnet
🪜 brown   ladder
🔬 gray    microscope
🚪 ~orange door
🛏️ -       bed
🛋️ blue    couch | sofa
🪑 ~brown  chair
🧹 -       broom
🧺 ~orange basket
🪥 ~red    toothbrush
☂️ purple  umbrella
⌛ -       hourglass
⏰ -       alarm clock
❤️ red     heart
💔 red     broken heart
🔴 red     circle | disc
🟥 red     square
🔺 red     triangle
✅ green   check mark | tick mark
❓ red     question mark
`;
