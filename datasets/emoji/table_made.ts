/**
 * The curated table of kinds, second half: people, travel, activities, things.
 * The rows read as in `table_nature.ts`.
 */

/** The rows of category `person`. */
export const PEOPLE = `
😀 yellow smiling face | happy face
😂 yellow face with tears of joy | laughing face
😉 yellow winking face
😍 yellow face with heart eyes | heart-eyed face
🤩 yellow face with star eyes | star-eyed face
😘 yellow kissing face
😛 yellow face with its tongue out
🤔 yellow thinking face
😴 yellow sleeping face
😷 -      face with a mask | masked face
🤢 -      nauseated face | queasy face
🥶 -      freezing face | cold face
🤠 -      cowboy
🥳 -      partying face | party face
😎 yellow face with sunglasses | cool face
🤓 yellow face with glasses | nerdy face
☹️ yellow sad face | frowning face
😮 yellow surprised face | astonished face
😢 yellow crying face
😱 -      screaming face | scared face
😡 red    angry face | furious face
😈 purple devil | smiling devil
💀 white  skull
🤡 -      clown
👻 white  ghost
👽 -      alien
🤖 -      robot
👶 -      baby
👦 -      boy
👧 -      girl
👨 -      man/men
👩 -      woman/women
🧔 -      bearded man/bearded men | man with a beard/men with beards
👴 -      old man/old men | grandfather
👵 -      old woman/old women | grandmother
👮 -      police officer | policeman/policemen
💂 -      royal guard | guard
🥷 -      ninja
👷 -      construction worker | builder
🤴 -      prince
👸 -      princess
🎅 -      santa claus | santa
🧙 -      wizard | mage
🧚 -      fairy
🧛 -      vampire
🧜 -      mermaid
🧟 -      zombie
💃 -      dancer | dancing woman/dancing women
🧑‍🚀 -      astronaut
🧑‍🍳 -      chef | cook
🧑‍🚒 -      firefighter
👋 -      waving hand
👍 -      thumbs-up/thumbs-ups | raised thumb
✌️ -      victory hand | hand making a peace sign/hands making a peace sign
💪 -      flexed arm | flexed biceps/flexed biceps
👀 -      pair of eyes
👂 -      ear
👄 red    mouth | pair of lips
🧠 pink   brain
`;

/** The rows of category `travel`. */
export const TRAVEL = `
🏠 -      house | home
🏭 -      factory
🏰 gray   castle
🗼 -      tower
🗽 green  statue of liberty
⛪ -      church
⛲ -      fountain
⛺ green  tent
🎡 -      ferris wheel
🎪 -      circus tent
🚂 -      steam train | locomotive
🚆 -      train
🚌 -      bus
🚑 -      ambulance
🚒 red    fire engine | fire truck
🚓 -      police car
🚕 yellow taxi | cab
🚗 red    car | automobile
🚚 -      delivery truck | lorry
🚜 green  tractor
🏎️ -      racing car | race car
🏍️ -      motorcycle | motorbike
🛵 -      motor scooter | moped
🚲 -      bicycle | bike
🛹 -      skateboard
🛼 -      roller skate
⛽ -      fuel pump | gas pump
🚦 black  traffic light
🛑 red    stop sign
⚓ blue   anchor
🛟 -      lifebuoy | life ring
⛵ -      sailboat | sailing boat
🚤 -      speedboat
🚢 -      ship
✈️ -      airplane | plane
🪂 -      parachute
🚁 -      helicopter
🚀 -      rocket | spaceship
🛸 -      flying saucer | ufo
🧳 blue   suitcase
`;

/** The rows of category `activity`. */
export const ACTIVITIES = `
🎃 orange halloween pumpkin | jack-o'-lantern | pumpkin
🎈 red    balloon
🎀 red    ribbon | bow
🎁 -      gift | present | gift box
🏆 -      trophy
🏅 -      medal
⚽ -      soccer ball | football
⚾ white  baseball
🏀 orange basketball
🏈 -      american football
🎾 -      tennis ball
🏓 -      ping pong paddle | table tennis bat
🥊 red    boxing glove
🛷 -      sled | sledge
🎯 -      dartboard | target
🪀 -      yo-yo
🪁 -      kite
🎱 -      billiard ball | pool ball
🔮 -      crystal ball
🪄 -      magic wand
🎮 -      game controller | gamepad
🎲 white  die/dice
🧩 green  puzzle piece | jigsaw piece
🧸 brown  teddy bear
🪆 -      nesting doll | russian doll
♟️ black  chess pawn | pawn
🎨 -      paint palette | artist's palette
🧶 blue   ball of yarn | ball of wool
🎷 -      saxophone
🎺 yellow trumpet
🎸 -      guitar
🎻 -      violin | fiddle
🥁 -      drum
`;

/** The rows of category `thing`. */
export const THINGS = `
👓 -      pair of glasses | pair of eyeglasses
🕶️ -      pair of sunglasses
👔 -      necktie | tie
👕 green  t-shirt | shirt
👖 blue   pair of jeans | pair of trousers
🧣 red    scarf/scarves
🧤 -      pair of gloves
🧦 -      pair of socks
👗 blue   dress
👜 -      handbag | purse
🎒 red    backpack | rucksack
👟 -      sneaker | running shoe
👠 -      high heel | high-heeled shoe
👢 -      boot
👑 -      crown
🎩 black  top hat
🎓 black  graduation cap
🧢 blue   baseball cap | cap
💄 -      lipstick
💍 -      ring | diamond ring
💎 blue   gem | gemstone
📣 yellow megaphone
🔔 yellow bell
🎵 black  musical note | music note
🎤 -      microphone
🎧 -      pair of headphones
📱 -      phone | smartphone | mobile phone
☎️ red    telephone
💻 -      laptop
🖥️ -      computer | desktop computer
📺 -      television | tv
📷 -      camera
🔍 -      magnifying glass
🕯️ -      candle
💡 yellow light bulb
🏮 -      paper lantern | lantern
📕 -      book
📖 -      open book
💰 -      bag of money | money bag
✉️ white  envelope | letter
📦 brown  cardboard box | parcel | package
✏️ -      pencil
🖌️ -      paintbrush
✂️ -      pair of scissors
🔒 yellow padlock | lock
🔑 yellow key
🔨 -      hammer
🪓 -      axe
⚔️ -      pair of crossed swords
💣 -      bomb
🛡️ blue   shield
🔧 gray   wrench | spanner
⚙️ gray   gear | cog
🧲 red    magnet
🪜 brown  ladder
🔬 gray   microscope
🚪 -      door
🛏️ -      bed
🛋️ blue   couch | sofa
🪑 -      chair
🧹 -      broom
🧺 brown  basket
🪥 -      toothbrush
☂️ purple umbrella
⌛ -      hourglass
⏰ -      alarm clock
❤️ red    heart
💔 red    broken heart
🔴 red    circle | disc
🟥 red    square
🔺 red    triangle
✅ green  check mark | tick mark
❓ red    question mark
`;
